"""Rows that cannot both be meant: told by one source at one moment, for the same conditions and the same time."""

from collections import defaultdict
from collections.abc import Sequence

from forecasts.prices.in_force.conflicts import unit_rate
from forecasts.prices.price import Price


def find_overlaps(rows: Sequence[Price]) -> list[tuple[int, int]]:
    """Pairs of positions `(row, earlier row)` whose effective ranges overlap, in the order of the rows.

    An open-ended row gives way to the next start, so it overlaps nothing but a row of its own start; a row with an
    end overlaps what starts before that end. A row that says the same twice is a repetition, not an overlap.
    """
    groups: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.status != "cancelled":
            groups[
                row.provider,
                row.model,
                row.meter,
                row.service_tier,
                row.region,
                row.prompt_tokens_from,
                row.utc_window,
                row.status,
                row.source,
                row.recorded_at,
            ].append(index)
    found = []
    for members in groups.values():
        members.sort(key=lambda index: (rows[index].effective_from, index))
        for place, index in enumerate(members[1:], start=1):
            row, before = rows[index], rows[members[place - 1]]
            same_start = row.effective_from == before.effective_from
            if same_start and _says_the_same(row, before):
                continue
            if same_start or (before.effective_to is not None and row.effective_from < before.effective_to):
                found.append((index, members[place - 1]))
    return sorted(found)


def _says_the_same(row: Price, other: Price) -> bool:
    return (unit_rate(row), row.currency, row.effective_to) == (unit_rate(other), other.currency, other.effective_to)
