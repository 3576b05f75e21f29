"""Looking single prices up: by id, by what they say, and whether a model is known at all."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Select, Text, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.errors import NotFound
from service.store.prices import COLUMNS, PriceRecord
from service.store.tables import Prices


def _priced() -> Select[*tuple[Any, ...]]:
    wanted = (
        func.unnest(bindparam("providers", type_=ARRAY(Text)), bindparam("models", type_=ARRAY(Text)))
        .table_valued(column("provider", Text), column("model", Text), name="wanted")
        .render_derived()
    )
    has_price = select(1).where(Prices.provider == wanted.c.provider, Prices.model == wanted.c.model).exists()
    return select(wanted.c.provider, wanted.c.model).where(has_price)


_PRICED = _priced()
_BY_HASH = select(Prices.content_hash, *COLUMNS).where(
    Prices.content_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary))), Prices.workspace_id.is_not(None)
)


def get_price(session: Connection, price_id: UUID) -> PriceRecord:
    """One of the workspace's own prices or of the packaged catalogue. Raises NotFound."""
    row = session.execute(select(*COLUMNS).where(Prices.id == price_id)).one_or_none()
    if row is None:
        raise NotFound("price", price_id)
    return PriceRecord(*row)


def own_prices_by_hash(session: Connection, hashes: Collection[bytes]) -> dict[bytes, PriceRecord]:
    """The workspace's own rows that say exactly what these content hashes stand for."""
    rows = session.execute(_BY_HASH, {"hashes": list(hashes)})
    return {row[0]: PriceRecord(*row[1:]) for row in rows}


def priced_models(session: Connection, models: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (provider, model) pairs that have any price, own or packaged."""
    pairs = sorted(set(models))
    if not pairs:
        return set()
    wanted = {"providers": [provider for provider, _ in pairs], "models": [model for _, model in pairs]}
    return {(provider, model) for provider, model in session.execute(_PRICED, wanted)}
