"""The packaged scores of price outlooks, as `scripts/score_outlooks.py` measured them on the packaged history."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from forecasts.catalog.tables import optional_number, read_table


@dataclass(frozen=True, kw_only=True)
class OutlookScore:
    """One outlook, or the rival `flat`, on one case of the backtest; `source` is the command that prints it."""

    outlook: str
    case: str
    rows: int
    series: int
    first_origin: date
    last_origin: date
    median_error: float
    p90_error: float
    mean_error: float
    bias: float
    pinball: float
    coverage: float | None
    assumes: str
    source: str


@cache
def load_outlook_scores() -> tuple[OutlookScore, ...]:
    """All scores, case by case."""
    return tuple(
        OutlookScore(
            outlook=row["outlook"],
            case=row["case"],
            rows=int(row["rows"]),
            series=int(row["series"]),
            first_origin=date.fromisoformat(row["first_origin"]),
            last_origin=date.fromisoformat(row["last_origin"]),
            median_error=float(row["median_error"]),
            p90_error=float(row["p90_error"]),
            mean_error=float(row["mean_error"]),
            bias=float(row["bias"]),
            pinball=float(row["pinball"]),
            coverage=optional_number(row["coverage"]),
            assumes=row["assumes"],
            source=row["source"],
        )
        for row in read_table("outlook_scores.csv")
    )
