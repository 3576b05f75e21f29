"""Backtests: the kernel's own methods and their naive rivals, scored on what was known at the time."""
