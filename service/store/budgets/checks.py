"""Which approved budgets are due to be held against their thresholds: after news, and once in a while anyway."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, update

from service.store.metadata import table_of
from service.store.statements import Statement, Write
from service.store.tables import Budgets

# An override that expires or a check that died with its process is news that nobody brings.
_CHECKED_AGAIN_AFTER = timedelta(hours=1)
_AT_ONCE = 100

_TABLE = table_of(Budgets)
# Always in the same order, so that two forecasts that finish at once do not wait for each other in a circle.
_APPROVED = (
    select(_TABLE.c.id)
    .where(
        _TABLE.c.status == "approved",
        _TABLE.c.workspace_id == bindparam("in_workspace"),
        _TABLE.c.checked_at.is_not(None),
    )
    .order_by(_TABLE.c.id)
    .with_for_update()
    .scalar_subquery()
)
_DUE = Statement(update(_TABLE).where(_TABLE.c.id.in_(_APPROVED)))


class Due(NamedTuple):
    """A budget to be checked."""

    budget_id: UUID
    workspace_id: UUID


def due(workspace_id: UUID) -> Write:
    """Says that there is news for the workspace's approved budgets, in the transaction that brings it."""
    return _DUE.with_values({"in_workspace": workspace_id, "checked_at": None})


def take_due(system_session: Connection, *, now: datetime) -> list[Due]:
    """Takes the budgets to check; two who ask at once get different ones."""
    taken = (
        select(Budgets.id)
        .where(
            Budgets.status == "approved",
            or_(Budgets.checked_at.is_(None), Budgets.checked_at < now - _CHECKED_AGAIN_AFTER),
        )
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = update(Budgets).where(Budgets.id.in_(taken)).values(checked_at=now)
    return [Due(*row) for row in system_session.execute(statement.returning(Budgets.id, Budgets.workspace_id))]
