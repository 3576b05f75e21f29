"""What became of prices between two days: how far a claim about falling prices was borne out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from forecasts.prices.history.series import PriceSeries

# The planning case that a forecast assumes by default, and the days between which it can be checked: the claim was
# published on the first, and the packaged history was last observed on the second.
CLAIMED_ON, OBSERVED_ON = date(2026, 6, 28), date(2026, 11, 15)
CLAIMED_CUT = (0.20, 0.40)
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class PriceMoves:
    """Counts of models on sale on both days, by what their output price did in between."""

    first: date
    last: date
    models: int
    unchanged: int
    higher: int
    lower: int
    lower_as_claimed: int


def moves_between(models: Iterable[PriceSeries], first: date, last: date) -> PriceMoves:
    """`lower_as_claimed` counts falls by 20 to 40 %. Prices are those in force at the end of each day (UTC)."""
    start, end = (_end_of(day) for day in (first, last))
    ratios = [
        one.rate_at(end) / one.rate_at(start) for one in models if one.begun_by(start) and one.observed_until >= end
    ]
    falls = [1.0 - ratio for ratio in ratios if ratio < 1.0 - _SAME]
    return PriceMoves(
        first=first,
        last=last,
        models=len(ratios),
        unchanged=sum(abs(ratio - 1.0) <= _SAME for ratio in ratios),
        higher=sum(ratio > 1.0 + _SAME for ratio in ratios),
        lower=len(falls),
        lower_as_claimed=sum(CLAIMED_CUT[0] - _SAME <= fall <= CLAIMED_CUT[1] + _SAME for fall in falls),
    )


def _end_of(day: date) -> float:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC).timestamp() / 3600.0
