"""How much of a usage falls between two instants, exactly, when its week repeats over the real calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from forecasts.plan import UtcWindow
from forecasts.units import HOURS_PER_WEEK

_A_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_DAY = timedelta(days=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000


@dataclass(frozen=True)
class WeekClock:
    """Weights of the 168 hours of a week, Monday 00:00 UTC first."""

    weights: tuple[Fraction, ...]

    @classmethod
    def of(cls, weights: Sequence[object] | None) -> "WeekClock":
        """None is every hour alike; numbers are taken for exactly what they are."""
        if weights is None:
            return cls((Fraction(1),) * HOURS_PER_WEEK)
        return cls(tuple(Fraction(str(weight)) for weight in weights))

    @cached_property
    def _before(self) -> tuple[Fraction, ...]:
        """The weight of a week's hours before each hour, and of the whole week."""
        return (Fraction(0), *accumulate(self.weights))

    def between(self, starts: datetime, ends: datetime) -> Fraction:
        """The weight of `[starts, ends)`, in hours of weight 1."""
        return self._until(ends) - self._until(starts) if ends > starts else Fraction(0)

    def in_window(self, window: UtcWindow, starts: datetime, ends: datetime) -> Fraction:
        """The weight of the peak hours in `[starts, ends)`, without those of holidays."""
        peak = WeekClock(
            tuple(
                weight if inside else Fraction(0)
                for weight, inside in zip(self.weights, window.hours.tolist(), strict=True)
            )
        )
        weight = peak.between(starts, ends)
        for day in window.holidays:
            opens = _start_of(day)
            weight -= peak.between(max(starts, opens), min(ends, opens + _DAY))
        return weight

    def _until(self, instant: datetime) -> Fraction:
        since = instant - _A_MONDAY
        hours = Fraction(since // timedelta(microseconds=1), _MICROSECONDS_PER_HOUR)
        weeks, hour_of_week = divmod(hours, HOURS_PER_WEEK)
        whole = int(hour_of_week)
        return weeks * self._before[-1] + self._before[whole] + (hour_of_week - whole) * self.weights[whole]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
