"""Fits the physics and the acceptance ranges to published measurements, and says how far off they are."""
