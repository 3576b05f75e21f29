"""The monthly amounts of stored forecasts that budgets are made of and compared with."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, Date, cast, exists, func, select

from service.store.budgets.versions import BudgetRecord
from service.store.tables import BudgetLines, Forecasts, Replays


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


def newest_covering(session: Connection, budget: BudgetRecord) -> UUID:
    """The newest forecast in the budget's currency that reaches into its months and has every workload of it.

    The budget's own forecast is one, so there always is; forecasts of some workloads alone are none.
    """
    own = select(BudgetLines.workload).where(
        BudgetLines.forecast_id == budget.forecast_id, BudgetLines.workload.is_not(None)
    )
    has = select(BudgetLines.workload).where(BudgetLines.forecast_id == Forecasts.id)
    length = func.make_interval(0, Forecasts.horizon_months)
    ends = cast(Forecasts.horizon_first_month + length, Date)
    last = budget.first_month.year * 12 + budget.first_month.month - 1 + budget.months
    statement = (
        select(Forecasts.id)
        .where(
            Forecasts.status == "succeeded",
            Forecasts.currency == budget.currency,
            Forecasts.id >= budget.forecast_id,
            Forecasts.horizon_first_month < date(last // 12, last % 12 + 1, 1),
            ends > budget.first_month,
            ~exists().where(Replays.id == Forecasts.id),
            ~exists(own.except_(has.correlate(Forecasts))),
        )
        .order_by(Forecasts.id.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one()
