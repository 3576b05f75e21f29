"""Schedules of re-forecasts on the wire: what is declared, and the resource with its occurrences and runs."""
