"""Budgets that are held: how one stands, against what happens, and when its thresholds are crossed."""
