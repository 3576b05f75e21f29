"""Conversion factors whose names keep the formulas readable."""

SECONDS_PER_HOUR = 3600.0
HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168
MONTHS_PER_YEAR = 12
TOKENS_PER_MTOK = 1_000_000.0
HOURS_PER_YEAR = 8766.0  # of 365.25 days: for rates a year, not for counting the hours of one
