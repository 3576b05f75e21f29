"""Comments on a budget's variances: appended, never changed; the newest on a month is the one that is shown."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from service.store import audit
from service.store.budgets.versions import subject_of
from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.tables import BudgetComments


@dataclass(frozen=True, kw_only=True)
class CommentRecord:
    """`month` None is the whole budget."""

    id: UUID
    budget_id: UUID
    month: date | None
    comment: str
    created_by: str
    created_at: datetime


_NAMES = [field.name for field in fields(CommentRecord)]
_COLUMNS = [getattr(BudgetComments, name) for name in _NAMES]


def add(
    session: Connection, budget_id: UUID, *, month: date | None, comment: str, actor: str, now: datetime
) -> CommentRecord:
    statement = insert(BudgetComments).values(
        id=new_id(),
        workspace_id=workspace_of(session),
        budget_id=budget_id,
        month=month,
        comment=comment,
        created_by=actor,
        created_at=now,
    )
    record = _record(session.execute(statement.returning(*_COLUMNS)).one())
    detail = {"month": month, "comment": comment}
    audit.record(session, actor=actor, action="budget.comment", subject=subject_of(budget_id), detail=detail, now=now)
    return record


def of_budget(session: Connection, budget_id: UUID) -> list[CommentRecord]:
    """In the order they were made."""
    statement = select(*_COLUMNS).where(BudgetComments.budget_id == budget_id).order_by(BudgetComments.id)
    return [_record(row) for row in session.execute(statement)]


def _record(row: Any) -> CommentRecord:
    return CommentRecord(**dict(zip(_NAMES, row, strict=True)))
