"""The packaged holiday calendars, for windows of peak prices that leave holidays out."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from forecasts.catalog.tables import read_table


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A day off. Those of a year without an official notice yet are its statutory days alone."""

    calendar: str
    day: date
    name: str
    source: str
    date_basis: str
    confidence: str


@cache
def load_holidays() -> tuple[Holiday, ...]:
    return tuple(
        Holiday(
            calendar=row["calendar"],
            day=date.fromisoformat(row["date"]),
            name=row["name"],
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
        )
        for row in read_table("holidays.csv")
    )


@cache
def holiday_calendars() -> dict[str, tuple[date, ...]]:
    """The days of each calendar by its name, an ISO 3166 country code."""
    days: dict[str, tuple[date, ...]] = {}
    for holiday in load_holidays():
        days[holiday.calendar] = (*days.get(holiday.calendar, ()), holiday.day)
    return days
