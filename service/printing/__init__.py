"""Documents as pages to read and print: one file each, nothing loaded from anywhere."""
