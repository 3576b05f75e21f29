"""Contradictions between the sources of prices, own and packaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select, tuple_

from forecasts.prices.in_force.conflicts import find_conflicts
from forecasts.prices.price import Price
from service.store.prices import COLUMNS, PriceRecord
from service.store.tables import Prices

_GROUP = (Prices.provider, Prices.model, Prices.meter, Prices.effective_from)


@dataclass(frozen=True, kw_only=True)
class StoredConflict:
    """Rows for the same conditions and start from different sources; a forecast uses the first."""

    used: PriceRecord
    others: tuple[PriceRecord, ...]


def conflicts_known(
    session: Connection,
    *,
    as_of: datetime,
    provider: str | None = None,
    model: str | None = None,
    after: UUID | None,
    limit: int,
) -> tuple[list[StoredConflict], UUID | None]:
    """The contradictions among the prices known at `as_of` by the id of the row in use, and the cursor of the rest."""
    suspects = (
        select(*_GROUP)
        .where(Prices.recorded_at <= as_of)
        .group_by(*_GROUP)
        .having(func.count(func.distinct(Prices.rate / Prices.per_tokens)) > 1)
    )
    for which, wanted in ((Prices.provider, provider), (Prices.model, model)):
        if wanted is not None:
            suspects = suspects.where(which == wanted)
    statement = (
        select(*COLUMNS)
        .where(Prices.recorded_at <= as_of, tuple_(*_GROUP).in_(suspects))
        # Of equals the last is used: a workspace knows its own prices better than the catalogue.
        .order_by(*_GROUP, Prices.workspace_id.is_not(None), Prices.id)
    )
    found = stored_conflicts([PriceRecord(*row) for row in session.execute(statement)])
    rest = sorted(
        (conflict for conflict in found if after is None or conflict.used.id > after),
        key=lambda conflict: conflict.used.id,
    )
    return rest[:limit], rest[limit - 1].used.id if len(rest) > limit else None


def stored_conflicts(records: Sequence[PriceRecord]) -> list[StoredConflict]:
    prices = [price_of(record) for record in records]
    record_of = {id(price): record for price, record in zip(prices, records, strict=True)}
    return [
        StoredConflict(
            used=record_of[id(conflict.used)], others=tuple(record_of[id(price)] for price in conflict.others)
        )
        for conflict in find_conflicts(prices)
    ]


def price_of(record: PriceRecord) -> Price:
    """The domain value of a stored price."""
    return Price(
        provider=record.provider,
        model=record.model,
        meter=record.meter,
        rate=record.rate,
        currency=record.currency,
        per_tokens=record.per_tokens,
        effective_from=record.effective_from,
        effective_to=record.effective_to,
        recorded_at=record.recorded_at,
        status=record.status,
        utc_window=record.utc_window,
        service_tier=record.service_tier,
        prompt_tokens_from=record.prompt_tokens_from,
        region=record.region,
        source=record.source or "",
        date_basis=record.date_basis or "",
        confidence=record.confidence or "",
    )
