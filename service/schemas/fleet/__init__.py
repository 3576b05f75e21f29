"""A fleet on the wire, part by part, and its conversion to the domain."""
