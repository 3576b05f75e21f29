"""Sources that contradict each other: both are shown, one is used, and nothing is averaged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Generic, TypeVar

from forecasts.prices.price import Price

Row = TypeVar("Row", bound=Price)


@dataclass(frozen=True, kw_only=True)
class Conflict(Generic[Row]):
    """Rows of different sources for the same conditions and start; `used` is the one that a forecast takes."""

    used: Row
    others: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (self.used, *self.others)


def find_conflicts(rows: Sequence[Row], *, as_of: datetime | None = None) -> list[Conflict[Row]]:
    """Where sources state different rates for the same conditions from the same instant on.

    Of one source's rows the last recorded counts, since it corrects the others; of all sources' the last recorded is
    used, and of equals the last in order. Negotiated rates differ from list prices by their nature: they are no
    conflict. `as_of` leaves out what was recorded later.
    """
    groups: dict[tuple[object, ...], dict[str, Row]] = {}
    for row in sorted(rows, key=lambda row: row.recorded_at):
        if row.status == "negotiated" or (as_of is not None and row.recorded_at > as_of):
            continue
        by_source = groups.setdefault(conditions_of(row), {})
        if row.status == "cancelled":
            by_source.clear()
        else:
            by_source.pop(row.source, None)
            by_source[row.source] = row
    found = []
    for by_source in groups.values():
        if not by_source:
            continue
        *others, used = by_source.values()
        if any(unit_rate(row) != unit_rate(used) for row in others):
            found.append(Conflict(used=used, others=tuple(reversed(others))))
    return found


def conditions_of(row: Price) -> tuple[object, ...]:
    """What two rows have in common when they speak of the same price from the same instant on."""
    return (
        row.provider,
        row.model,
        row.meter,
        row.service_tier,
        row.region,
        row.prompt_tokens_from,
        row.utc_window,
        row.currency,
        row.effective_from,
    )


def unit_rate(row: Price) -> Fraction:
    return Fraction(row.rate) / row.per_tokens


def describe(rows: Iterable[Price]) -> str:
    """The rates with their sources, in a line."""
    return "; ".join(
        f"{row.rate} {row.currency} per {row.per_tokens:,} ({row.source or 'source not stated'},"
        f" recorded {row.recorded_at:%Y-%m-%d})"
        for row in rows
    )
