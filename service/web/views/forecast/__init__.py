"""What the page of a forecast shows, one module a section: plain documents in, rows for its template out."""
