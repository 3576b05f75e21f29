"""The models that have prices, and the rows in force of a few of them; what a person looks through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, tuple_

from service.store.price_book.listing import in_force_at
from service.store.prices import COLUMNS, PriceRecord
from service.store.tables import Prices


@dataclass(frozen=True, kw_only=True)
class PricedModel:
    """`changed_at` is the latest start of one of its prices."""

    provider: str
    model: str
    rows: int
    changed_at: datetime


def page(
    session: Connection, *, text: str | None, after: tuple[str, str] | None, limit: int
) -> tuple[list[PricedModel], tuple[str, str] | None]:
    """Models by name, whose provider or name contains `text`, and the last of the page unless no other follows."""
    key = tuple_(Prices.provider, Prices.model)
    statement = (
        select(Prices.provider, Prices.model, func.count(), func.max(Prices.effective_from))
        .group_by(Prices.provider, Prices.model)
        .order_by(Prices.provider, Prices.model)
        .limit(limit + 1)
    )
    if text:
        statement = statement.where(
            or_(Prices.provider.icontains(text, autoescape=True), Prices.model.icontains(text, autoescape=True))
        )
    if after is not None:
        statement = statement.where(key > after)
    found = [
        PricedModel(provider=provider, model=model, rows=rows, changed_at=changed_at)
        for provider, model, rows, changed_at in session.execute(statement)
    ]
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], None if last is None else (last.provider, last.model)


def in_force(session: Connection, models: Sequence[tuple[str, str]], moment: datetime) -> list[PriceRecord]:
    """Every row of these (provider, model) pairs that applies at `moment` by what is known then."""
    if not models:
        return []
    statement = (
        select(*COLUMNS)
        .where(tuple_(Prices.provider, Prices.model).in_(models), Prices.recorded_at <= moment)
        .where(*in_force_at(moment, moment))
        .order_by(Prices.provider, Prices.model, Prices.meter, Prices.prompt_tokens_from, Prices.id)
    )
    return [PriceRecord(*row) for row in session.execute(statement)]
