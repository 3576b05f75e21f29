"""A plan on the wire, and the file it comes in."""
