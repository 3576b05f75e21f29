"""Budget loads as CSV: two of our own, tall and wide, and those that ledgers and planning tools document."""
