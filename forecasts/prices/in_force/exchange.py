"""Exchange rates as the plan's own dated statements: both directions are used, chains of two are not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import numpy as np

from forecasts.prices.in_force.periods import FOREVER
from forecasts.prices.price import ExchangeRate
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What one unit of a currency is worth in another over `[starts, ends)`, exactly."""

    starts: datetime
    ends: datetime
    worth: Fraction


def dated_worths(rates: Iterable[ExchangeRate], currency: str, into: str) -> list[Worth]:
    """What one unit of `currency` is worth in `into`, by the time for which each rate holds."""
    dated: list[tuple[datetime, Fraction]] = []
    for rate in rates:
        if (rate.currency, rate.per) == (currency, into):
            dated.append((rate.starts, 1 / Fraction(rate.rate)))
        elif (rate.currency, rate.per) == (into, currency):
            dated.append((rate.starts, Fraction(rate.rate)))
    dated.sort()
    return [
        Worth(starts=starts, ends=dated[index + 1][0] if index + 1 < len(dated) else FOREVER, worth=worth)
        for index, (starts, worth) in enumerate(dated)
    ]


def worth_by_month(
    rates: Iterable[ExchangeRate], currency: str, into: str, timeline: Timeline
) -> tuple[FloatArray, FloatArray]:
    """The time-weighted worth of each month and the fraction of it that is covered, both of shape `[months]`."""
    if currency == into:
        return np.ones(timeline.months), np.ones(timeline.months)
    worth = np.zeros(timeline.months)
    covered = np.zeros(timeline.months)
    for piece in dated_worths(rates, currency, into):
        share = timeline.share_of_months(piece.starts, None if piece.ends == FOREVER else piece.ends)
        worth += share * float(piece.worth)
        covered += share
    return worth, covered
