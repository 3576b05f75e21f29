"""Schemas of bodies and answers as components, under public names and with what the code leaves unsaid."""
