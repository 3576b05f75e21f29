"""Files that finance tools take, each written in pieces from the stored lines of a finished forecast."""
