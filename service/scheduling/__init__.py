"""Runs of schedules: which occurrences are due, and the forecast that one asks for."""
