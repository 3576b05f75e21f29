"""Builds the table of speculative-decoding measurements: rows that say something, figures as short as they are true."""

from catalog_build.tables import Row

# Written by `scripts/fit_uplift.py`, and taken as they are.
FITTED = ("uplift_parameters.csv", "uplift_spreads.csv", "acceptance_by_task.csv")
FIGURES = (
    "acceptance_length",
    "acceptance_rate",
    "baseline_value",
    "spec_value",
    "speedup",
)


def build_measurements(rows: list[Row]) -> list[Row]:
    """Every row with a speedup or an acceptance, in the source's columns; figures to seven digits."""
    return [
        row | {figure: f"{float(row[figure]):.7g}" for figure in FIGURES if row[figure]}
        for row in rows
        if row["speedup"] or row["acceptance_length"] or row["acceptance_rate"]
    ]
