"""How much of everything a workspace has, in one statement; for a first page."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, func, select

from service.store.tables import BudgetAlerts, Budgets, BudgetThresholds, Fleets, Schedules, Workloads


@dataclass(frozen=True, kw_only=True)
class Overview:
    """`next_due_at` is when the first of the running schedules is due."""

    workloads: int
    fleets: int
    schedules: int
    next_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenAlert:
    """A threshold that is crossed now, with the budget whose it is."""

    budget_id: UUID
    budget_name: str
    currency: str
    measure: str
    month: str | None
    limit_amount: Decimal
    value: Decimal
    crossed_at: datetime


def load(session: Connection) -> Overview:
    running = select(Schedules.next_due_at).where(Schedules.paused_at.is_(None)).subquery()
    statement = select(
        select(func.count()).select_from(Workloads).scalar_subquery(),
        select(func.count()).select_from(Fleets).scalar_subquery(),
        select(func.count()).select_from(Schedules).scalar_subquery(),
        select(func.min(running.c.next_due_at)).scalar_subquery(),
    )
    workloads, fleets, schedules, next_due_at = session.execute(statement).one()
    return Overview(workloads=workloads, fleets=fleets, schedules=schedules, next_due_at=next_due_at)


def open_alerts(session: Connection, *, limit: int) -> list[OpenAlert]:
    """Alerts that have not cleared, the newest first."""
    statement = (
        select(
            BudgetAlerts.budget_id,
            Budgets.name.label("budget_name"),
            Budgets.currency,
            BudgetThresholds.measure,
            func.to_char(BudgetAlerts.month, "YYYY-MM").label("month"),
            BudgetAlerts.limit_amount,
            BudgetAlerts.value,
            BudgetAlerts.crossed_at,
        )
        .join(Budgets, Budgets.id == BudgetAlerts.budget_id)
        .join(BudgetThresholds, BudgetThresholds.id == BudgetAlerts.threshold_id)
        .where(BudgetAlerts.cleared_at.is_(None))
        .order_by(BudgetAlerts.id.desc())
        .limit(limit)
    )
    names = [field.name for field in fields(OpenAlert)]
    return [OpenAlert(**dict(zip(names, row, strict=True))) for row in session.execute(statement)]
