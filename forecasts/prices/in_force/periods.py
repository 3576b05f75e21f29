"""From rows of history to the periods over which each of them applies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from forecasts.prices.price import BILLED_AS, Price

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Period:
    """A row, and a time `[starts, ends)` in whose window (None is all hours) it applies and no other row does."""

    row: Price
    utc_window: str | None
    starts: datetime
    ends: datetime


def priced_periods(
    rows: Iterable[Price], meter: str, *, service_tier: str, region: str | None, prompt_tokens: float
) -> list[Period]:
    """As `periods_in_force`; where the meter has no price of its own, those of what it is billed as instead."""
    kept = tuple(rows)
    found: list[Period] = []
    for priced_as in (meter, *BILLED_AS.get(meter, ())):
        above = tuple(found)
        for period in periods_in_force(
            kept, priced_as, service_tier=service_tier, region=region, prompt_tokens=prompt_tokens
        ):
            found.extend(_below(period, above))
    return found


def periods_in_force(
    rows: Iterable[Price], meter: str, *, service_tier: str, region: str | None, prompt_tokens: float
) -> list[Period]:
    """The periods of one model's rows for usage of the given conditions; none overlap within a window.

    Rows are tried from the most particular to the least: the route's region before everywhere, then the largest band
    of prompt sizes that is reached, then negotiated rates, then a promotion with an end, then all others.
    """
    layers: dict[tuple[bool, int, int], list[Price]] = {}
    for row in rows:
        if (
            row.meter == meter
            and row.service_tier == service_tier
            and row.region in (None, region)
            and row.prompt_tokens_from <= prompt_tokens
        ):
            layers.setdefault((row.region is None, -row.prompt_tokens_from, _precedence(row)), []).append(row)
    in_force: list[Period] = []
    for key, layer in sorted(layers.items()):
        above = tuple(in_force)
        # A cancellation and a correction speak of the row itself, in whichever layer it is.
        same_conditions = [row for other, rows_ in layers.items() if other[:2] == key[:2] for row in rows_]
        current = {id(row) for row in _current(same_conditions)}
        for period in _succession([row for row in layer if id(row) in current]):
            in_force.extend(_below(period, above))
    return in_force


def _precedence(row: Price) -> int:
    if row.status == "negotiated":
        return 0
    return 1 if row.status == "promotional" and row.effective_to is not None else 2


def _current(rows: Iterable[Price]) -> Iterator[Price]:
    """Of rows with the same window and start the last recorded, unless it cancels; list prices never replace
    negotiated ones.
    """
    latest: dict[tuple[str | None, datetime, bool], Price] = {}
    for row in sorted(rows, key=lambda row: row.recorded_at):
        if row.status == "cancelled":
            for negotiated in (False, True):
                latest.pop((row.utc_window, row.effective_from, negotiated), None)
        else:
            latest[row.utc_window, row.effective_from, row.status == "negotiated"] = row
    yield from latest.values()


def _succession(rows: Iterable[Price]) -> Iterator[Period]:
    """The periods of one layer's rows.

    A row ends where the next one of its window starts; an all-hours row and the rows of windows end each other.
    """
    ordered = sorted(rows, key=lambda row: row.effective_from)
    for index, row in enumerate(ordered):
        ends = row.effective_to or FOREVER
        for later in ordered[index + 1 :]:
            supersedes = row.utc_window is None or later.utc_window in (None, row.utc_window)
            if supersedes and later.effective_from > row.effective_from:
                ends = min(ends, later.effective_from)
                break
        yield Period(row=row, utc_window=row.utc_window, starts=row.effective_from, ends=ends)


def _below(period: Period, above: tuple[Period, ...]) -> Iterator[Period]:
    """The parts of a period in which nothing above it applies."""
    if period.utc_window is None and any(other.utc_window is not None for other in above):
        for window in ("peak", "off_peak"):
            yield from _below(replace(period, utc_window=window), above)
        return
    yield from _outside(period, [other for other in above if other.utc_window in (None, period.utc_window)])


def _outside(period: Period, others: Iterable[Period]) -> Iterator[Period]:
    """The parts of a period during which none of the others applies."""
    starts = period.starts
    for other in sorted(others, key=lambda other: other.starts):
        if starts < other.starts:
            yield replace(period, starts=starts, ends=min(period.ends, other.starts))
        starts = max(starts, other.ends)
        if starts >= period.ends:
            return
    yield replace(period, starts=starts)
