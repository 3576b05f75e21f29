"""Comparisons of hardware and plans of fleets on the wire."""
