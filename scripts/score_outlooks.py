#!/usr/bin/env python3
"""Writes how each price outlook has scored on the packaged history: `python scripts/score_outlooks.py`.

The table is a source of the catalogue: run `python scripts/build_catalog.py` afterwards.
"""

import csv
import sys
from pathlib import Path

from forecasts.backtest.prices.methods import METHODS
from forecasts.backtest.prices.run import backtest_prices
from forecasts.catalog.price_series import load_series

TABLE = Path(__file__).resolve().parent.parent / "forecasts" / "catalog" / "sources" / "outlook_scores.csv"
FIGURES = ("median_error", "p90_error", "mean_error", "bias", "pinball", "coverage")
SOURCE = "tokencast backtest prices"


def main() -> int:
    assumes = {"flat": "today's price", **{method.name: method.assumes for method in METHODS}}
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            ("outlook", "case", "rows", "series", "first_origin", "last_origin", *FIGURES, "assumes", "source")
        )
        for case in backtest_prices(load_series("models"), load_series("tiers")):
            selection = (case.case, case.rows, case.series, case.first_origin, case.last_origin)
            for name, scores in case.methods.items():
                figures = [getattr(scores, figure) for figure in FIGURES]
                cells = ["" if value is None else f"{value:.4f}" for value in figures]
                writer.writerow((name, *selection, *cells, assumes[name], SOURCE))
    sys.stdout.write(f"{TABLE.name} written; now run scripts/build_catalog.py\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
