"""Overrides of a draft: a month or a line budgeted at another amount; what was computed stays beside it."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from service.store import audit
from service.store.budgets.versions import subject_of
from service.store.database import workspace_of
from service.store.errors import NotFound
from service.store.ids import new_id
from service.store.tables import BudgetOverrides


@dataclass(frozen=True, kw_only=True)
class NewOverride:
    """`line` is a position among the forecast's lines, None for the whole month; `expires_on` is its last day."""

    budget_id: UUID
    month: date
    line: int | None
    original: Decimal
    amount: Decimal
    reason: str
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class OverrideRecord(NewOverride):
    id: UUID
    created_by: str
    created_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None

    def is_in_force(self, day: date) -> bool:
        return self.withdrawn_at is None and (self.expires_on is None or day <= self.expires_on)


_NAMES = [field.name for field in fields(OverrideRecord)]
_COLUMNS = [getattr(BudgetOverrides, name) for name in _NAMES]


def add(session: Connection, row: NewOverride, *, actor: str, now: datetime) -> OverrideRecord:
    """Takes the place of an override of the same month or line, which is kept as withdrawn.

    The caller holds the draft (`versions.change_draft`).
    """
    same = BudgetOverrides.line == row.line if row.line is not None else BudgetOverrides.line.is_(None)
    session.execute(
        update(BudgetOverrides)
        .where(
            BudgetOverrides.budget_id == row.budget_id,
            BudgetOverrides.month == row.month,
            same,
            BudgetOverrides.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, withdrawn_by=actor)
    )
    values = {field.name: getattr(row, field.name) for field in fields(NewOverride)}
    statement = insert(BudgetOverrides).values(
        **values, id=new_id(), workspace_id=workspace_of(session), created_by=actor, created_at=now
    )
    record = _record(session.execute(statement.returning(*_COLUMNS)).one())
    _note(session, record, "override", actor, now)
    return record


def withdraw(session: Connection, budget_id: UUID, override_id: UUID, *, actor: str, now: datetime) -> OverrideRecord:
    """Withdrawing again changes nothing. Raises NotFound; the caller holds the draft."""
    [*found] = [one for one in of_budgets(session, [budget_id]) if one.id == override_id]
    if not found:
        raise NotFound("override", override_id)
    if found[0].withdrawn_at is not None:
        return found[0]
    statement = (
        update(BudgetOverrides)
        .where(BudgetOverrides.id == override_id)
        .values(withdrawn_at=now, withdrawn_by=actor)
        .returning(*_COLUMNS)
    )
    record = _record(session.execute(statement).one())
    _note(session, record, "withdraw_override", actor, now)
    return record


def of_budgets(session: Connection, budget_ids: Collection[UUID]) -> list[OverrideRecord]:
    """Every override of the budgets in the order they were made, withdrawn ones too."""
    statement = select(*_COLUMNS).where(BudgetOverrides.budget_id.in_(budget_ids)).order_by(BudgetOverrides.id)
    return [_record(row) for row in session.execute(statement)]


def _note(session: Connection, record: OverrideRecord, action: str, actor: str, now: datetime) -> None:
    detail = {
        "override_id": record.id,
        "month": record.month,
        "line": record.line,
        "original": record.original,
        "amount": record.amount,
        "reason": record.reason,
    }
    subject = subject_of(record.budget_id)
    audit.record(session, actor=actor, action=f"budget.{action}", subject=subject, detail=detail, now=now)


def _record(row: Any) -> OverrideRecord:
    return OverrideRecord(**dict(zip(_NAMES, row, strict=True)))
