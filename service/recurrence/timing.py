"""When a schedule is due: each occurrence of its rule, moved on where its day is a holiday, as an instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from service.recurrence.rule import Rule

_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """`key` is the rule's own local date-time with its zone: it names the occurrence wherever holidays move it.

    `local` is when it happens by the clock on the wall, `due_at` the same as an instant.
    """

    key: str
    local: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Timing:
    """`starts` is local time; rules count from it, and take their time of day from it unless they name one."""

    rule: Rule
    starts: datetime
    time_zone: str
    holidays: frozenset[date] = frozenset()

    def occurrences(self) -> Iterator[Occurrence]:
        """In the order in which they are due, each instant once; finite.

        A time that the clock skips in spring counts with the offset before the gap, one that comes twice in autumn is
        the first of both (RFC 5545, section 3.3.5).
        """
        zone = ZoneInfo(self.time_zone)
        waiting: Occurrence | None = None
        for own in self.rule.local_times(self.starts, zone):
            local = _working_time(own, self.holidays)
            found = Occurrence(
                key=f"{own.isoformat(timespec='seconds')}[{self.time_zone}]",
                local=local,
                due_at=local.replace(tzinfo=zone).astimezone(UTC),
            )
            # Of two that holidays move to one instant the later stands for both.
            if waiting is not None and found.due_at > waiting.due_at:
                yield waiting
            waiting = found
        if waiting is not None:
            yield waiting

    def after(self, moment: datetime, count: int) -> list[Occurrence]:
        """The first `count` that are due after an instant."""
        return list(islice((one for one in self.occurrences() if one.due_at > moment), count))

    def between(self, after: datetime, until: datetime) -> list[Occurrence]:
        """Those due in `(after, until]`."""
        found = []
        for one in self.occurrences():
            if one.due_at > until:
                break
            if one.due_at > after:
                found.append(one)
        return found


@cache
def known_zones() -> frozenset[str]:
    """Every IANA zone by name."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _working_time(local: datetime, holidays: frozenset[date]) -> datetime:
    """The same time of the next day that is neither a holiday nor of a weekend, where the day is a holiday."""
    if local.date() not in holidays:
        return local
    while local.date() in holidays or local.weekday() >= _SATURDAY:
        local += timedelta(days=1)
    return local
