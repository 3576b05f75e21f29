"""A recurrence rule as text (RFC 5545, section 3.3.10), read strictly and kept to at most one time a day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

MOST_CHARACTERS = 500
MOST_INTERVAL = 1000
FIRST_YEAR, LAST_YEAR = 1970, 2200

_FREQUENCIES = {"YEARLY": rrule.YEARLY, "MONTHLY": rrule.MONTHLY, "WEEKLY": rrule.WEEKLY, "DAILY": rrule.DAILY}
_TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
# The least and the most of each list of numbers; those that may count from the end may be negative, and never 0.
_NUMBERS: dict[str, tuple[int, int]] = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ONE_TIME = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", *_NUMBERS, "BYDAY", "WKST")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?")

# The calendar repeats every 400 years, weekdays included. Rules are followed close to the last year there is, so that
# one that never fires ends the search after some 200 years instead of 8,000.
_YEARS_LATER = 7600


class BadRule(ValueError):  # noqa: N818 - named for what was received.
    """Everything found wrong with a rule, one sentence each."""

    def __init__(self, details: tuple[str, ...]) -> None:
        self.details = details
        super().__init__("; ".join(details))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that was read; `until` is local time where it was written without a zone, else UTC."""

    frequency: str
    interval: int
    count: int | None
    until: datetime | None
    until_is_utc: bool
    numbers: tuple[tuple[str, tuple[int, ...]], ...]
    days: tuple[str, ...]
    week_start: str

    def local_times(self, starts: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The local date-times of the rule in order, from `starts` on; finite, and empty for one that never fires."""
        until = self.until
        if until is not None and self.until_is_utc:
            until = until.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
        later = starts.replace(year=starts.year + _YEARS_LATER)
        for found in islice(self._followed(later), self.count):
            local = found.replace(year=found.year - _YEARS_LATER)
            if until is not None and local > until:
                return
            yield local

    def _followed(self, starts: datetime) -> Iterator[datetime]:
        by: dict[str, Any] = {name.lower(): list(values) for name, values in self.numbers}
        if self.days:
            by["byweekday"] = [_weekday(day) for day in self.days]
        rule = rrule.rrule(
            _FREQUENCIES[self.frequency],
            dtstart=starts,
            interval=self.interval,
            wkst=getattr(rrule, self.week_start),
            **by,
        )
        return iter(rule)


def parse_rule(text: str) -> Rule:
    """Reads `FREQ=MONTHLY;BYMONTHDAY=1`; raises BadRule."""
    wrong: list[str] = []
    parts = _split(text, wrong)
    frequency = parts.get("FREQ", "")
    if frequency in _TOO_OFTEN:
        wrong.append(f"FREQ={frequency} fires more than once a day; the shortest is FREQ=DAILY")
    elif frequency not in _FREQUENCIES:
        wrong.append(f"FREQ must be one of {', '.join(_FREQUENCIES)}, not {frequency or 'missing'}")
    numbers = {name: _numbers(name, parts[name], wrong) for name in _NUMBERS if name in parts}
    wrong += [
        f"{name} may name one only: a schedule fires at most once a day"
        for name in _ONE_TIME
        if len(numbers.get(name, ())) > 1
    ]
    days = _days(parts["BYDAY"], frequency, wrong) if "BYDAY" in parts else ()
    if "BYSETPOS" in parts and not any(name in parts for name in (*_NUMBERS, "BYDAY") if name != "BYSETPOS"):
        wrong.append("BYSETPOS chooses among what another BY part names, and there is none")
    if "COUNT" in parts and "UNTIL" in parts:
        wrong.append("COUNT and UNTIL exclude each other")
    until = _until(parts["UNTIL"], wrong) if "UNTIL" in parts else None
    week_start = parts.get("WKST", "MO")
    if week_start not in _WEEKDAYS:
        wrong.append(f"WKST must be one of {', '.join(_WEEKDAYS)}, not {week_start}")
    interval = _whole("INTERVAL", parts.get("INTERVAL", "1"), MOST_INTERVAL, wrong)
    count = _whole("COUNT", parts["COUNT"], 100_000, wrong) if "COUNT" in parts else None
    if wrong:
        raise BadRule(tuple(wrong))
    return Rule(
        frequency=frequency,
        interval=interval,
        count=count,
        until=until,
        until_is_utc=parts.get("UNTIL", "").endswith("Z"),
        numbers=tuple(numbers.items()),
        days=days,
        week_start=week_start,
    )


def _split(text: str, wrong: list[str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, separator, value = part.partition("=")
        if not separator or name not in _PARTS:
            wrong.append(f"{part[:40]!r} is no part of a rule; there are {', '.join(_PARTS)}, each with = and a value")
        elif name in parts:
            wrong.append(f"{name} is given twice")
        else:
            parts[name] = value
    return parts


def _numbers(name: str, text: str, wrong: list[str]) -> tuple[int, ...]:
    low, high = _NUMBERS[name]
    found = []
    for word in text.split(","):
        value = int(word) if re.fullmatch(r"[+-]?\d{1,3}", word) else None
        if value is None or not low <= value <= high or (low < 0 and value == 0):
            besides = " but 0" if low < 0 else ""
            wrong.append(f"{name} takes whole numbers from {low} to {high}{besides}, not {word[:20]!r}")
            continue
        found.append(value)
    return tuple(found)


def _days(text: str, frequency: str, wrong: list[str]) -> tuple[str, ...]:
    days = tuple(text.split(","))
    for day in days:
        matched = _DAY.fullmatch(day)
        if matched is None or (matched[1] is not None and int(matched[1]) == 0):
            wrong.append(f"BYDAY takes weekdays such as MO, or 1MO in a month or year, not {day[:20]!r}")
        elif matched[1] is not None and frequency not in ("MONTHLY", "YEARLY"):
            wrong.append(f"BYDAY={day} counts weekdays, which only FREQ=MONTHLY and FREQ=YEARLY can")
    return days


def _until(text: str, wrong: list[str]) -> datetime | None:
    try:
        until = datetime.fromisoformat(text.removesuffix("Z")) if _UNTIL.fullmatch(text) else None
    except ValueError:
        until = None
    if until is None or not FIRST_YEAR <= until.year <= LAST_YEAR:
        wrong.append(f"UNTIL must be a day or time such as 20271231 or 20271231T235959Z, not {text[:20]!r}")
        return None
    # A day alone is meant to its end.
    return until + timedelta(days=1, seconds=-1) if "T" not in text else until


def _whole(name: str, text: str, most: int, wrong: list[str]) -> int:
    if re.fullmatch(r"\d{1,6}", text) and 1 <= int(text) <= most:
        return int(text)
    wrong.append(f"{name} must be a whole number from 1 to {most}, not {text[:20]!r}")
    return 1


def _weekday(day: str) -> Any:
    matched = _DAY.fullmatch(day)
    assert matched is not None  # noqa: S101 - the rule was read by this expression
    weekday = getattr(rrule, matched[2])
    return weekday if matched[1] is None else weekday(int(matched[1]))
