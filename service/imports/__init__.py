"""What others keep, read into what we keep."""
