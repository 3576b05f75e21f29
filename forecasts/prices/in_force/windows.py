"""Peak hours: which definition applies to a row, and how much of a month's usage falls into them."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

import numpy as np

from forecasts.plan import UtcWindow
from forecasts.prices.in_force.periods import Period
from forecasts.prices.price import Price
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import HOURS_PER_WEEK

_DAY = timedelta(days=1)
_HOURS_PER_DAY = 24


class UnknownHours(LookupError):  # noqa: N818 - a fact about the book.
    """A row has peak or off-peak prices, and nothing says which hours those are."""

    def __init__(self, row: Price) -> None:
        super().__init__(f"{row.provider}/{row.model} has {row.utc_window} prices, but its peak hours are not known")


def peak_hours(windows: Iterable[UtcWindow], row: Price) -> UtcWindow:
    """The newest definition that had started with the row, and one for the model before one for the whole provider.

    Of equals the first counts. Raises UnknownHours.
    """
    started = [
        window
        for window in windows
        if window.provider == row.provider
        and window.model in ("*", row.model)
        and window.starts <= row.effective_from.date()
    ]
    if not started:
        raise UnknownHours(row)
    return max(started, key=lambda window: (window.model != "*", window.starts))


def window_shares(period: Period, window: UtcWindow, hourly_weights: FloatArray, timeline: Timeline) -> FloatArray:
    """The share of each month's usage that falls into the period and its window, shape `[months]`.

    Every week of a month is the declared one, but for the peak hours that a holiday takes out of its own day.
    """
    in_period = timeline.share_of_months(period.starts, period.ends)
    weights = hourly_weights / hourly_weights.sum()
    peak = in_period * float(weights[window.hours].sum())
    peak_of_weekday = np.where(window.hours, weights, 0.0).reshape(-1, _HOURS_PER_DAY).sum(axis=1)
    for day in window.holidays:
        starts = datetime.combine(day, time(), tzinfo=UTC)
        ends = min(starts + _DAY, period.ends)
        # As a share of the month: a day is 24 of the month's hours, and its peak a part of the week's usage.
        taken = timeline.share_of_months(max(starts, period.starts), ends) if ends > period.starts else 0.0
        peak -= taken * float(peak_of_weekday[day.weekday()]) * HOURS_PER_WEEK / _HOURS_PER_DAY
    np.clip(peak, 0.0, in_period, out=peak)
    return peak if period.utc_window == "peak" else in_period - peak
