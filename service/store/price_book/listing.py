"""Pages of the price book as it was known at one moment and in force at another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, literal, null, or_, select
from sqlalchemy.orm import aliased

from service.store.pages import cut
from service.store.prices import COLUMNS, PriceRecord
from service.store.tables import Prices

_CONDITIONS = ("provider", "model", "meter", "service_tier", "prompt_tokens_from", "currency")


def page(
    session: Connection,
    *,
    provider: str | None = None,
    model: str | None = None,
    meter: str | None = None,
    as_of: datetime | None = None,
    effective_at: datetime | None = None,
    after: UUID | None,
    limit: int,
) -> tuple[list[PriceRecord], UUID | None]:
    """Own and packaged prices in the order they were added, and the cursor behind the page unless it is the last.

    `as_of` shows the book as it was known then, `effective_at` what was in force then; both together ask both clocks.
    """
    statement = select(*_seen_at(as_of)).order_by(Prices.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Prices.id > after)
    for which, wanted in ((Prices.provider, provider), (Prices.model, model), (Prices.meter, meter)):
        if wanted is not None:
            statement = statement.where(which == wanted)
    if as_of is not None:
        statement = statement.where(Prices.recorded_at <= as_of)
    if effective_at is not None:
        statement = statement.where(*in_force_at(effective_at, as_of))
    return cut([PriceRecord(*row) for row in session.execute(statement)], limit)


def _seen_at(as_of: datetime | None) -> list[Any]:
    """The columns, without ends that became known later."""
    if as_of is None:
        return list(COLUMNS)
    unknown = Prices.end_recorded_at > as_of
    return [
        case((unknown, null()), else_=attribute).label(attribute.key)
        if attribute.key in ("effective_to", "end_recorded_at")
        else attribute
        for attribute in COLUMNS
    ]


def in_force_at(moment: datetime, as_of: datetime | None) -> list[ColumnElement[bool]]:
    """Rows that apply at `moment`, by the rules of `forecasts.prices.in_force`.

    Rows of different sources for the same conditions and start all stay: a contradiction is shown, not resolved.
    """
    other: Any = aliased(Prices)
    known = other.recorded_at <= as_of if as_of is not None else literal(value=True)
    same_rank = (other.status == "negotiated") == (Prices.status == "negotiated")
    same_start = and_(
        other.effective_from == Prices.effective_from, other.utc_window.is_not_distinct_from(Prices.utc_window)
    )
    corrected = select(other.id).where(
        *_same_conditions(other, Prices),
        known,
        same_start,
        or_(
            other.recorded_at > Prices.recorded_at, and_(other.recorded_at == Prices.recorded_at, other.id > Prices.id)
        ),
        or_(other.status == "cancelled", and_(same_rank, other.source.is_not_distinct_from(Prices.source))),
    )
    again: Any = aliased(Prices)
    cancelled = select(again.id).where(
        *_same_conditions(again, other),
        again.recorded_at <= as_of if as_of is not None else literal(value=True),
        again.effective_from == other.effective_from,
        again.utc_window.is_not_distinct_from(other.utc_window),
        again.status == "cancelled",
        again.recorded_at >= other.recorded_at,
    )
    superseded = select(other.id).where(
        *_same_conditions(other, Prices),
        known,
        same_rank,
        other.status != "cancelled",
        or_(Prices.utc_window.is_(None), other.utc_window.is_(None), other.utc_window == Prices.utc_window),
        other.effective_from > Prices.effective_from,
        other.effective_from <= moment,
        # A promotion with an end lies over the price before it and gives it back.
        or_(other.status != "promotional", other.effective_to.is_(None), _ends(other, as_of) > moment),
        ~cancelled.correlate(other).exists(),
    )
    return [
        Prices.status != "cancelled",
        Prices.effective_from <= moment,
        or_(Prices.effective_to.is_(None), _ends(Prices, as_of) > moment),
        ~corrected.correlate(Prices).exists(),
        ~superseded.correlate(Prices).exists(),
    ]


def _same_conditions(one: Any, other: Any) -> list[ColumnElement[bool]]:
    # Plain equality wherever a column is never null: the other comparison finds no index.
    return [
        *(getattr(one, name) == getattr(other, name) for name in _CONDITIONS),
        one.region.is_not_distinct_from(other.region),
    ]


def _ends(row: Any, as_of: datetime | None) -> Any:
    """A row's end as known then; one that became known later lies beyond all moments."""
    if as_of is None:
        return row.effective_to
    return case((row.end_recorded_at > as_of, literal("infinity").cast(row.effective_to.type)), else_=row.effective_to)
