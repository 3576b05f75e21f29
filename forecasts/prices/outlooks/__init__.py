"""Outlooks: whom an assumption about future prices covers, and the interface that all courses stand behind."""
