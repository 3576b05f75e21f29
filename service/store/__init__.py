"""Every table and every statement."""
