"""When something that recurs is due: rules (RFC 5545) in local time, holidays, the instants they mean."""
