"""Looking single prices up: by id, by what they say, and whether a model is known at all."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from uuid import UUID

from sqlalchemy import ColumnElement, Text, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.store.errors import NotFound
from service.store.models import Prices
from service.store.prices import PriceRecord

_COLUMNS = [getattr(Prices, field.name) for field in fields(PriceRecord)]


def get_price(session: Session, price_id: UUID) -> PriceRecord:
    """One of the workspace's own prices or of the packaged catalogue. Raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Prices.id == price_id)).one_or_none()
    if row is None:
        raise NotFound("price", price_id)
    return PriceRecord(*row)


def own_prices_by_hash(session: Session, hashes: Collection[bytes]) -> dict[bytes, PriceRecord]:
    """The workspace's own rows that say exactly what these content hashes stand for."""
    statement = select(Prices.content_hash, *_COLUMNS).where(
        Prices.content_hash == func.any(list(hashes)), Prices.workspace_id.is_not(None)
    )
    return {row[0]: PriceRecord(*row[1:]) for row in session.execute(statement)}


def priced_models(session: Session, models: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (provider, model) pairs that have any price, own or packaged."""
    pairs = sorted(set(models))
    if not pairs:
        return set()
    wanted = (
        func.unnest(_texts([provider for provider, _ in pairs]), _texts([model for _, model in pairs]))
        .table_valued(column("provider", Text), column("model", Text), name="wanted")
        .render_derived()
    )
    priced = select(1).where(Prices.provider == wanted.c.provider, Prices.model == wanted.c.model).exists()
    rows = session.execute(select(wanted.c.provider, wanted.c.model).where(priced))
    return {(provider, model) for provider, model in rows}


def _texts(values: list[str]) -> ColumnElement[list[str]]:
    return literal(values, ARRAY(Text))
