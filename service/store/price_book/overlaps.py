"""New prices beside the workspace's own: which of them cannot be meant together with a row that is stored."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, DateTime, Select, Text, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from forecasts.prices.in_force.overlaps import find_overlaps
from forecasts.prices.price import Price
from service.store.price_book.conflicts import price_of
from service.store.prices import COLUMNS, NewPrice, PriceRecord
from service.store.statements import Statement
from service.store.tables import Prices

_STATED = [field.name for field in fields(Price)]
_TEXTS = ("source", "date_basis", "confidence")


def _recorded_then() -> Select[*tuple[Any, ...]]:
    wanted = (
        func.unnest(bindparam("providers", type_=ARRAY(Text)), bindparam("models", type_=ARRAY(Text)))
        .table_valued(column("provider", Text), column("model", Text), name="wanted")
        .render_derived()
    )
    moments = bindparam("moments", type_=ARRAY(DateTime(timezone=True)))
    return (
        select(*COLUMNS)
        .join(wanted, (Prices.provider == wanted.c.provider) & (Prices.model == wanted.c.model))
        .where(Prices.recorded_at == any_(moments), Prices.workspace_id.is_not(None))
    )


_RECORDED_THEN = Statement(_recorded_then())


def stored_overlaps(session: Connection, rows: Sequence[NewPrice]) -> list[tuple[int, PriceRecord]]:
    """Positions of new rows, each with a stored row of the same source and moment of record that it overlaps.

    A row without a moment of its own is recorded now, when nothing else is. The same row again is no overlap.
    """
    dated = [index for index, row in enumerate(rows) if row.recorded_at is not None]
    if not dated:
        return []
    pairs = sorted({(rows[index].provider, rows[index].model) for index in dated})
    sent = {
        "providers": [provider for provider, _ in pairs],
        "models": [model for _, model in pairs],
        "moments": list({rows[index].recorded_at for index in dated}),
    }
    stored = [PriceRecord(*row) for row in _RECORDED_THEN.run(session, sent)]
    together = [*map(price_of, stored), *(_price_to_be(rows[index]) for index in dated)]
    found = []
    for one, other in find_overlaps(together):
        old, new = sorted((one, other))
        if old < len(stored) <= new:
            found.append((dated[new - len(stored)], stored[old]))
    return found


def _price_to_be(row: NewPrice) -> Price:
    stated = {name: getattr(row, name) for name in _STATED}
    return Price(**stated | {name: stated[name] or "" for name in _TEXTS})
