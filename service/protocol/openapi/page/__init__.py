"""The document for people."""
