"""Recorded usage on the wire: totals as they are sent, and as they are listed."""
