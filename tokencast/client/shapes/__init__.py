"""The shapes of what is sent and answered, as typed dictionaries."""
