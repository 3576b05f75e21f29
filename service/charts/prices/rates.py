"""A price history as runs of rates: which rate held from when to when, for each meter and window of hours."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from service.charts.times import milliseconds

Row = Mapping[str, Any]
Point: TypeAlias = dict[str, Any]

_TOKENS_PER_MTOK = 1_000_000
_CANCELLED = "cancelled"


def runs(rows: Sequence[Row], until: int) -> Iterator[Point]:
    """The corners of each meter's step line up to `until`; `run` tells lines apart that have a gap between them.

    Of rows of one window that start together the last recorded counts, and a cancelled one counts as absent. A row ends
    where the next of its window starts, and a row of all hours and rows of windows end each other.
    """
    for meter, own in groupby(sorted(rows, key=itemgetter("meter")), key=itemgetter("meter")):
        in_force = _in_force(list(own))
        for window in sorted({row["utc_window"] or "" for row in in_force}):
            yield from _steps(meter, window, in_force, until)


def _in_force(rows: list[Row]) -> list[Row]:
    latest: dict[tuple[int, str], Row] = {}
    for row in sorted(rows, key=lambda row: milliseconds(row["recorded_at"])):
        latest[milliseconds(row["effective_from"]), row["utc_window"] or ""] = row
    return [latest[start] for start in sorted(latest) if latest[start]["status"] != _CANCELLED]


def _steps(meter: str, window: str, in_force: list[Row], until: int) -> Iterator[Point]:
    run, open_until = 0, None
    for row in (row for row in in_force if (row["utc_window"] or "") == window):
        start = milliseconds(row["effective_from"])
        end = min([until, *_ends(row, in_force)])
        if start > until:
            return
        if open_until is not None and start > open_until:
            run += 1
        point = {
            "meter": meter,
            "window": window or "all hours",
            "run": f"{meter} {window} {run}",
            "rate": float(row["rate"]) * _TOKENS_PER_MTOK / row["per_tokens"],
            "status": row["status"],
            "source": row["source"],
        }
        yield {**point, "at": start}
        yield {**point, "at": end}
        open_until = end


def _ends(row: Row, in_force: list[Row]) -> Iterator[int]:
    if row["effective_to"] is not None:
        yield milliseconds(row["effective_to"])
    start = milliseconds(row["effective_from"])
    for other in in_force:
        replaces = other["utc_window"] == row["utc_window"] or None in (other["utc_window"], row["utc_window"])
        if replaces and milliseconds(other["effective_from"]) > start:
            yield milliseconds(other["effective_from"])
