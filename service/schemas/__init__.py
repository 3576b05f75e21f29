"""Wire shapes: the only things that cross HTTP, and their conversions to domain values."""
