"""What pages show, worked out of plain documents: no database, no request."""
