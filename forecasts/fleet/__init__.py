"""Capacity in whole nodes, amortisation schedules and unit cost of self-hosted fleets."""
