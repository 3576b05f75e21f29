"""Outlooks: assumptions about future prices, one module a kind, all behind the interface in `course.py`."""
