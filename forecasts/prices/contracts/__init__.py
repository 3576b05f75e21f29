"""Agreements with providers: what they do to rates, and what is settled over a period beside them."""
