"""What a file would change: each price beside what the book says of the same conditions at its start."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from forecasts.prices.in_force.conflicts import unit_rate
from forecasts.prices.in_force.periods import Period, periods_in_force
from forecasts.prices.price import Price
from service.imports.prices.found import FoundPrice
from service.store.price_book.conflicts import price_of
from service.store.prices import PriceRecord, known_prices

Kind = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """`current` is the row in force for the same conditions at the price's start; a new price has none.

    `by_the_hour` says that the book has peak and off-peak prices there instead.
    """

    found: FoundPrice
    kind: Kind
    current: PriceRecord | None
    by_the_hour: bool = False


def compare(session: Connection, found: Sequence[FoundPrice], *, now: datetime) -> list[Change]:
    """Compares with list prices, own and packaged; what a provider agreed with us alone is no contradiction."""
    pairs = {(one.price.provider, one.price.model) for one in found}
    books: defaultdict[tuple[str, str], list[Price]] = defaultdict(list)
    record_of: dict[int, PriceRecord] = {}
    for record in known_prices(session, pairs, as_of=now):
        price = price_of(record)
        record_of[id(price)] = record
        if price.status != "negotiated":
            books[record.provider, record.model].append(price)
    known: dict[tuple[object, ...], list[Period]] = {}
    changes = []
    for one in found:
        price = one.price
        key = (price.provider, price.model, price.meter, price.service_tier, price.region, price.prompt_tokens_from)
        if key not in known:
            known[key] = list(_periods(books[price.provider, price.model], price))
        starts = price.effective_from
        in_force = [period for period in known[key] if period.starts <= starts < period.ends]
        current = next((one.row for one in in_force if one.utc_window == price.utc_window), None)
        changes.append(
            Change(
                found=one,
                kind="new" if current is None else "unchanged" if _same(current, price) else "changed",
                current=None if current is None else record_of[id(current)],
                by_the_hour=current is None and bool(in_force),
            )
        )
    return changes


def _periods(rows: list[Price], price: Price) -> Iterator[Period]:
    """When which row applies to exactly these conditions, no broader ones."""
    exact = [row for row in rows if row.prompt_tokens_from == price.prompt_tokens_from and row.region == price.region]
    yield from periods_in_force(
        exact,
        price.meter,
        service_tier=price.service_tier,
        region=price.region,
        prompt_tokens=price.prompt_tokens_from,
    )


def _same(row: Price, price: Price) -> bool:
    return (row.currency, unit_rate(row)) == (price.currency, unit_rate(price)) and price.status != "cancelled"
