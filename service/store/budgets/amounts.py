"""The monthly amounts of stored forecasts that budgets are made of and compared with."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, Date, and_, cast, exists, func, literal, or_, select

from service.store.budgets.versions import BudgetRecord
from service.store.tables import BudgetLines, Forecasts, Replays, Usage


def by_month(session: Connection, forecast_id: UUID, *, basis: str) -> dict[date, Decimal]:
    """The expected cost of each month that has any line; `basis` is `effective` or `billed`."""
    column = BudgetLines.billed if basis == "billed" else BudgetLines.effective
    statement = (
        select(BudgetLines.month, func.sum(column).label("amount"))
        .where(BudgetLines.forecast_id == forecast_id)
        .group_by(BudgetLines.month)
        .order_by(BudgetLines.month)
    )
    return {row.month: row.amount for row in session.execute(statement)}


def actual_by_month(session: Connection, budget: BudgetRecord, *, forecast_id: UUID) -> dict[tuple[date, str], Decimal]:
    """What was recorded by month and currency, of what the budget or the forecast it is compared with knows.

    That is every workload of theirs, and what no workload caused on routes of theirs.
    """
    known = BudgetLines.forecast_id.in_((budget.forecast_id, forecast_id))
    workloads = select(BudgetLines.workload).where(known, BudgetLines.workload.is_not(None))
    routes = select(BudgetLines.route).where(known, BudgetLines.route.is_not(None))
    column = Usage.billed if budget.basis == "billed" else Usage.effective
    statement = (
        select(Usage.month, Usage.currency, func.sum(column).label("amount"))
        .where(
            Usage.month >= budget.first_month,
            Usage.month < budget.ends,
            or_(Usage.workload.in_(workloads), and_(Usage.workload.is_(None), Usage.route.in_(routes))),
        )
        .group_by(Usage.month, Usage.currency)
    )
    return {(row.month, row.currency): row.amount for row in session.execute(statement)}


def newest_covering(session: Connection, budget: BudgetRecord) -> UUID:
    """The newest forecast in the budget's currency that covers its months and has every workload of it.

    A month before that of the forecast's `as_of` is over, and no forecast need cover it. The budget's own forecast is
    one, so there always is; forecasts of some workloads alone are none.
    """
    own = select(BudgetLines.workload).where(
        BudgetLines.forecast_id == budget.forecast_id, BudgetLines.workload.is_not(None)
    )
    has = select(BudgetLines.workload).where(BudgetLines.forecast_id == Forecasts.id)
    length = func.make_interval(0, Forecasts.horizon_months)
    ends = cast(Forecasts.horizon_first_month + length, Date)
    statement = (
        select(Forecasts.id)
        .where(
            Forecasts.status == "succeeded",
            Forecasts.currency == budget.currency,
            Forecasts.id >= budget.forecast_id,
            Forecasts.horizon_first_month
            <= func.greatest(literal(budget.first_month, Date), cast(func.date_trunc("month", Forecasts.as_of), Date)),
            ends >= budget.ends,
            ~exists().where(Replays.id == Forecasts.id),
            ~exists(own.except_(has.correlate(Forecasts))),
        )
        .order_by(Forecasts.id.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one()
