"""Prices: dated history of the workspace beside the packaged catalogue; rows are added and never changed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, DateTime, Select, Text, bindparam, case, column, func, null, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.statements import Statement
from service.store.tables import Prices


@dataclass(frozen=True, kw_only=True)
class NewPrice:
    """A price as somebody knows it; without `recorded_at` it counts as known from the moment it is added.

    `end_recorded_at` is when the end became known: before it, the price was open-ended.
    """

    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    effective_to: datetime | None = None
    recorded_at: datetime | None = None
    end_recorded_at: datetime | None = None
    status: str = "list"
    utc_window: str | None = None
    service_tier: str = "standard"
    prompt_tokens_from: int = 0
    region: str | None = None
    source: str | None = None
    date_basis: str | None = None
    confidence: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class PriceRecord:
    """A stored price; `workspace_id` is None for the packaged catalogue."""

    id: UUID
    workspace_id: UUID | None
    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    effective_to: datetime | None
    recorded_at: datetime
    end_recorded_at: datetime | None
    status: str
    utc_window: str | None
    service_tier: str
    prompt_tokens_from: int
    region: str | None
    source: str | None
    date_basis: str | None
    confidence: str | None
    note: str | None


@dataclass(frozen=True)
class PricesAdded:
    """How many rows were new, and how many said exactly what a stored row says."""

    inserted: int
    duplicates: int


COLUMNS = [getattr(Prices, field.name) for field in fields(PriceRecord)]
_DECLARED = [field.name for field in fields(NewPrice)]
# A note explains a price and is no part of what it says: rewording one must not make a second price.
_HASHED = [name for name in _DECLARED if name != "note"]


def _known() -> Select[*tuple[Any, ...]]:
    wanted = (
        func.unnest(bindparam("providers", type_=ARRAY(Text)), bindparam("models", type_=ARRAY(Text)))
        .table_valued(column("provider", Text), column("model", Text), name="wanted")
        .render_derived()
    )
    as_of = bindparam("as_of", type_=DateTime(timezone=True))
    end_unknown = Prices.end_recorded_at > as_of
    masked: dict[str, Any] = {
        name: case((end_unknown, null()), else_=getattr(Prices, name)).label(name)
        for name in ("effective_to", "end_recorded_at")
    }
    return (
        select(*(masked.get(attribute.key, attribute) for attribute in COLUMNS))
        .join(wanted, (Prices.provider == wanted.c.provider) & (Prices.model == wanted.c.model))
        .where(Prices.recorded_at <= as_of)
        .order_by(Prices.provider, Prices.model, Prices.meter, Prices.effective_from, Prices.recorded_at, Prices.id)
    )


_KNOWN = Statement(_known())


def add_prices(session: Connection, rows: Sequence[NewPrice], *, now: datetime) -> PricesAdded:
    """Adds the workspace's own prices in one statement; what is already known is left alone."""
    return _insert(session, rows, workspace_of(session), now)


def sync_catalog(system_session: Connection, rows: Sequence[NewPrice], *, now: datetime) -> PricesAdded:
    """Adds the packaged catalogue's rows that are not stored yet, for every workspace to read."""
    return _insert(system_session, rows, None, now)


def known_prices(session: Connection, models: Iterable[tuple[str, str]], *, as_of: datetime) -> list[PriceRecord]:
    """What was known at `as_of` about these (provider, model) pairs, own and packaged, in one query.

    Rows recorded later are absent, and so are ends that became known later. Of two rows that contradict each other
    about the same conditions and start, the one recorded later comes later.
    """
    pairs = sorted(set(models))
    if not pairs:
        return []
    wanted = {"providers": [provider for provider, _ in pairs], "models": [model for _, model in pairs]}
    return [PriceRecord(*row) for row in _KNOWN.run(session, {**wanted, "as_of": as_of})]


def content_hash(row: NewPrice) -> bytes:
    """What makes two price rows the same: every field but the note, in one spelling."""
    return hashlib.sha256(msgspec.json.encode([_spelled(getattr(row, name)) for name in _HASHED])).digest()


def _insert_many() -> Insert:
    """One statement for any number of rows: columns travel as arrays, since COPY cannot leave known rows alone."""
    names = [*_DECLARED, "id", "workspace_id", "created_at", "content_hash"]
    types = {name: getattr(Prices, name).type for name in names}
    arrays = (
        func.unnest(*(bindparam(name, type_=ARRAY(types[name])) for name in names))
        .table_valued(*(column(name, types[name]) for name in names), name="sent")
        .render_derived()
    )
    sent = select(*(arrays.c[name] for name in names))
    return insert(Prices).from_select(names, sent).on_conflict_do_nothing()


_INSERT = Statement(_insert_many())


def _insert(session: Connection, rows: Sequence[NewPrice], workspace_id: UUID | None, now: datetime) -> PricesAdded:
    if not rows:
        return PricesAdded(inserted=0, duplicates=0)
    columns = {name: [getattr(row, name) for row in rows] for name in _DECLARED}
    columns["id"] = [new_id() for _ in rows]
    columns["workspace_id"] = [workspace_id] * len(rows)
    columns["recorded_at"] = [moment or now for moment in columns["recorded_at"]]
    columns["created_at"] = [now] * len(rows)
    columns["content_hash"] = [content_hash(row) for row in rows]
    inserted = _INSERT.run(session, columns).rowcount
    return PricesAdded(inserted=inserted, duplicates=len(rows) - inserted)


def _spelled(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
