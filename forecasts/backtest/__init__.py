"""Scores the kernel's own methods and their naive rivals on measured evidence."""
