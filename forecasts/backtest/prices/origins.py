"""Rolling origins: what a plan of a day knew of a price, and what the price then did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from forecasts.prices.history.series import PriceSeries
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import HOURS_PER_DAY, MONTHS_PER_YEAR


@dataclass(frozen=True, kw_only=True, eq=False)
class Origin:
    """A plan's day, the first of a month, and the horizon it would have by default: the twelve months after its own."""

    as_of: date
    horizon: Timeline

    @classmethod
    def of(cls, month: Month) -> "Origin":
        return cls(as_of=month.first_day, horizon=Timeline(first=month.plus(1), months=MONTHS_PER_YEAR))

    @property
    def known_by(self) -> float:
        """The end of the plan's day, in hours: nothing recorded from then on is seen."""
        return datetime.combine(self.as_of, datetime.min.time(), tzinfo=UTC).timestamp() / 3600.0 + HOURS_PER_DAY

    @property
    def weights(self) -> FloatArray:
        """The share of the horizon's hours in each month, shape `[months]`."""
        hours = np.diff(self.horizon.edges)
        weights: FloatArray = hours / hours.sum()
        return weights


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One series at one origin.

    `known_path` is the rate by month as it was dated then, over the rate of the day, shape `[months]`. `log_ratio` is
    the outcome: the logarithm of the mean rate over the horizon, over the rate of the day.
    """

    series: PriceSeries
    origin: Origin
    known_path: FloatArray
    log_ratio: float
    changed_before: bool


def rolling_cases(series: Iterable[PriceSeries]) -> Iterator[Case]:
    """Every series at the first of every month after its start whose whole horizon was observed."""
    for one in series:
        if not one.starts.size:
            continue
        month = Month.of(datetime.fromtimestamp(float(one.starts[0]) * 3600.0, tz=UTC))
        last = Month.of(datetime.fromtimestamp(one.observed_until * 3600.0, tz=UTC)).plus(-MONTHS_PER_YEAR)
        for offset in range(max(0, last.index - month.index + 1)):
            case = case_at(one, Origin.of(month.plus(offset)))
            if case is not None:
                yield case


def case_at(series: PriceSeries, origin: Origin) -> Case | None:
    """None where the series had not begun, or was not observed to the horizon's end."""
    known = series.known_by(origin.known_by)
    edges = origin.horizon.edges
    if not known.begun_by(origin.known_by) or float(edges[-1]) > series.observed_until:
        return None
    rate = known.rate_at(origin.known_by)
    dated_ahead = float(known.starts[-1]) >= origin.known_by
    outcome = float(series.mean_rates(edges) @ origin.weights)
    return Case(
        series=series,
        origin=origin,
        known_path=known.mean_rates(edges) / rate if dated_ahead else np.ones(origin.horizon.months),
        log_ratio=float(np.log(outcome / rate)),
        changed_before=bool(known.changes_by(origin.known_by).any()),
    )
