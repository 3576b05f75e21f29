"""Wire shapes of budgets: versions, overrides, thresholds, comments and comparisons."""
