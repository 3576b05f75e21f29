"""Days and terms on the horizon: shares of months, and rates that change on a day."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from forecasts.fleet.costs.terms import DatedRate
from forecasts.timeline import FloatArray, Month, Timeline


def rate_path(rates: Sequence[DatedRate], timeline: Timeline) -> FloatArray:
    """The rate of each month by the share of it for which each rate holds, shape `[months]`; 0 before the first."""
    path = np.zeros(timeline.months)
    for index, dated in enumerate(rates):
        ends = rates[index + 1].starts if index + 1 < len(rates) else None
        path += float(dated.rate) * timeline.share_of_months(_start(dated.starts), _start(ends))
    return path


def rate_on(rates: Sequence[DatedRate], day: date) -> float:
    """The rate that holds on a day; 0 before the first."""
    held = [dated for dated in rates if dated.starts is None or dated.starts <= day]
    return float(held[-1].rate) if held else 0.0


def historic_rate(rates: FloatArray, timeline: Timeline, day: date) -> float:
    """The exchange rate of the month of a day, or of the nearest month of the horizon; `rates` are `[months, 1]`."""
    return float(rates[np.clip(timeline.offset_of(Month.of(day)), 0, timeline.months - 1), 0])


@dataclass(frozen=True, kw_only=True)
class Term:
    """The days from `starts` to `ends`, both included, measured in months: a part of a month counts by its days."""

    starts: date
    ends: date

    @property
    def months(self) -> float:
        return _position(self.ends + timedelta(days=1)) - _position(self.starts)

    def elapsed(self, timeline: Timeline) -> FloatArray:
        """Months of the term that have passed at each edge of the horizon's months, shape `[months + 1]`."""
        edges = np.append(timeline.indices, timeline.indices[-1] + 1).astype(np.float64)
        passed: FloatArray = np.clip(edges - _position(self.starts), 0.0, self.months)
        return passed

    def share_of_months(self, timeline: Timeline) -> FloatArray:
        """The fraction of each month that the term covers, shape `[months]`."""
        share: FloatArray = np.diff(self.elapsed(timeline))
        return share

    def touches(self, timeline: Timeline) -> FloatArray:
        """1 in the months with a day of the term, otherwise 0, shape `[months]`."""
        first, last = Month.of(self.starts).index, Month.of(self.ends).index
        touched: FloatArray = ((timeline.indices >= first) & (timeline.indices <= last)).astype(np.float64)
        return touched


def in_month(timeline: Timeline, day: date) -> FloatArray:
    """1 in the month of a day, otherwise 0, shape `[months]`."""
    is_month: FloatArray = (timeline.indices == Month.of(day).index).astype(np.float64)
    return is_month


def _position(day: date) -> float:
    """A day as months since year 0."""
    return Month.of(day).index + (day.day - 1) / monthrange(day.year, day.month)[1]


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)
