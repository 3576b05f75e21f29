"""Recorded usage: totals by day or month, added once, corrected only on request, fixed when their month is closed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.pages import cut
from service.store.tables import ClosedMonths, Usage

Key = tuple[date, date | None, str | None, str, str]


@dataclass(frozen=True, kw_only=True)
class NewUsage:
    """A total as it was sent; `day` None is a whole month, `workload` None what no workload caused."""

    month: date
    day: date | None
    workload: str | None
    route: str
    meter: str
    quantity: Decimal
    billed: Decimal
    effective: Decimal
    currency: str
    source: str

    @property
    def key(self) -> Key:
        return (self.month, self.day, self.workload, self.route, self.meter)

    @property
    def numbers(self) -> tuple[Decimal, Decimal, Decimal, str]:
        return (self.quantity, self.billed, self.effective, self.currency)


@dataclass(frozen=True, kw_only=True)
class UsageRecord(NewUsage):
    id: UUID
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class MonthTotal:
    """What was recorded for one workload, route and meter in a month, its days added up."""

    month: date
    workload: str | None
    route: str
    meter: str
    quantity: Decimal
    billed: Decimal
    effective: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class MonthAmount:
    """What was recorded of a month in one currency."""

    currency: str
    billed: Decimal
    effective: Decimal


@dataclass(frozen=True, kw_only=True)
class RecordedMonth:
    month: date
    rows: int
    closed_at: datetime | None
    closed_by: str | None


_NAMES = [field.name for field in fields(UsageRecord)]
_COLUMNS = [getattr(Usage, name) for name in _NAMES]
_SENT = [field.name for field in fields(NewUsage)]
_NUMBERS = ("quantity", "billed", "effective", "currency", "source", "recorded_by", "recorded_at")


def lock_months(session: Connection, months: Collection[date]) -> set[date]:
    """Those of the months that are closed; until this transaction ends nobody else closes or records any of these."""
    for month in sorted(months):
        name = f"usage {workspace_of(session)} {month}"
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    return set(session.execute(select(ClosedMonths.month).where(ClosedMonths.month.in_(months))).scalars())


def recorded(session: Connection, months: Collection[date]) -> dict[Key, UsageRecord]:
    """Every row of these months by its key."""
    rows = map(_record, session.execute(select(*_COLUMNS).where(Usage.month.in_(months))))
    return {row.key: row for row in rows}


def add(session: Connection, rows: Sequence[NewUsage], *, actor: str, now: datetime) -> None:
    """Adds rows whose keys are new."""
    if not rows:
        return
    stored = {"workspace_id": workspace_of(session), "recorded_by": actor, "recorded_at": now}
    session.execute(
        insert(Usage), [{**{name: getattr(row, name) for name in _SENT}, **stored, "id": new_id()} for row in rows]
    )


def correct(session: Connection, rows: Iterable[tuple[UUID, NewUsage]], *, actor: str, now: datetime) -> None:
    """Gives stored rows other numbers."""
    for row_id, row in rows:
        numbers = {name: getattr(row, name) for name in _NUMBERS if name in _SENT}
        session.execute(update(Usage).where(Usage.id == row_id).values(**numbers, recorded_by=actor, recorded_at=now))


def page(
    session: Connection, *, after: UUID | None, limit: int, month: date | None, workload: str | None
) -> tuple[list[UsageRecord], UUID | None]:
    """Rows in the order they were added, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(Usage.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Usage.id > after)
    if month is not None:
        statement = statement.where(Usage.month == month)
    if workload is not None:
        statement = statement.where(Usage.workload == workload)
    return cut([_record(row) for row in session.execute(statement)], limit)


def month_totals(session: Connection, *, first: date, before: date) -> list[MonthTotal]:
    """What was recorded in the months `[first, before)`, in a fixed order."""
    key = (Usage.month, Usage.workload, Usage.route, Usage.meter, Usage.currency)
    statement = (
        select(*key, func.sum(Usage.quantity), func.sum(Usage.billed), func.sum(Usage.effective))
        .where(Usage.month >= first, Usage.month < before)
        .group_by(*key)
        .order_by(*key)
    )
    return [
        MonthTotal(
            month=month,
            workload=workload,
            route=route,
            meter=meter,
            currency=currency,
            quantity=quantity,
            billed=billed,
            effective=effective,
        )
        for month, workload, route, meter, currency, quantity, billed, effective in session.execute(statement)
    ]


def month_amounts(session: Connection) -> dict[date, list[MonthAmount]]:
    """What was recorded of each month, by currency."""
    key = (Usage.month, Usage.currency)
    statement = select(*key, func.sum(Usage.billed), func.sum(Usage.effective)).group_by(*key).order_by(*key)
    found: dict[date, list[MonthAmount]] = {}
    for month, currency, billed, effective in session.execute(statement):
        found.setdefault(month, []).append(MonthAmount(currency=currency, billed=billed, effective=effective))
    return found


def months(session: Connection) -> list[RecordedMonth]:
    """Every month that has rows or is closed, in order."""
    counts = dict(iter(session.execute(select(Usage.month, func.count()).group_by(Usage.month))))
    closed = {
        month: (at, by)
        for month, at, by in session.execute(select(ClosedMonths.month, ClosedMonths.closed_at, ClosedMonths.closed_by))
    }
    return [
        RecordedMonth(
            month=month,
            rows=counts.get(month, 0),
            closed_at=closed[month][0] if month in closed else None,
            closed_by=closed[month][1] if month in closed else None,
        )
        for month in sorted({*counts, *closed})
    ]


def close_month(session: Connection, month: date, *, actor: str, now: datetime) -> bool:
    """Whether it was open until now."""
    lock_months(session, [month])
    statement = insert(ClosedMonths).values(
        workspace_id=workspace_of(session), month=month, closed_by=actor, closed_at=now
    )
    done = session.execute(statement.on_conflict_do_nothing().returning(ClosedMonths.month))
    return done.one_or_none() is not None


def reopen_month(session: Connection, month: date) -> bool:
    """Whether it was closed until now."""
    lock_months(session, [month])
    statement = delete(ClosedMonths).where(ClosedMonths.month == month).returning(ClosedMonths.month)
    return session.execute(statement).one_or_none() is not None


def _record(row: Any) -> UsageRecord:
    return UsageRecord(**dict(zip(_NAMES, row, strict=True)))
