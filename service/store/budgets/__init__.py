"""Budgets: approved versions of forecasts, and the overrides, comments, thresholds and alerts that belong to them."""
