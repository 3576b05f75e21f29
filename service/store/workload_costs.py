"""What one workload costs by month in the newest forecast that has it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from service.store.tables import BudgetLines, Forecasts, Replays

# A workload that none of these has was not forecast lately; looking through every forecast would tell no more.
_NEWEST = 20


@dataclass(frozen=True, kw_only=True)
class WorkloadCosts:
    """The expected effective cost by month; a month without any line is not in it."""

    forecast_id: UUID
    currency: str
    by_month: dict[date, Decimal]


def newest(session: Connection, workload: str) -> WorkloadCosts | None:
    """From the newest succeeded forecast with a line of the workload; replays are none."""
    recent = (
        select(Forecasts.id, Forecasts.currency)
        .where(Forecasts.status == "succeeded", ~exists().where(Replays.id == Forecasts.id))
        .order_by(Forecasts.id.desc())
        .limit(_NEWEST)
        .subquery()
    )
    has = exists().where(BudgetLines.forecast_id == recent.c.id, BudgetLines.workload == workload)
    found = session.execute(select(recent).where(has).order_by(recent.c.id.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    months = (
        select(BudgetLines.month, func.sum(BudgetLines.effective).label("amount"))
        .where(BudgetLines.forecast_id == found.id, BudgetLines.workload == workload)
        .group_by(BudgetLines.month)
    )
    return WorkloadCosts(
        forecast_id=found.id,
        currency=found.currency,
        by_month={row.month: row.amount for row in session.execute(months)},
    )
