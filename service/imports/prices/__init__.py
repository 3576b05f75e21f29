"""Prices from files: tables of our own rows, and public catalogues that become proposals."""
