"""A forecast as a workbook whose sums, variances and amounts are live formulas, with their values beside them."""
