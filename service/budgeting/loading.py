"""Stored budgets with everything that is held against them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Connection

from forecasts.timeline import Month
from service.budgeting.comparison import Comparison, compare
from service.budgeting.standing import StandingBudget, nothing, standing
from service.store import forecasts
from service.store.budgets import amounts, overrides
from service.store.budgets.versions import BudgetRecord
from service.store.forecasts import ForecastRecord


def load_standing(session: Connection, record: BudgetRecord, *, today: date) -> StandingBudget:
    original = amounts.by_month(session, record.forecast_id, basis=record.basis)
    return standing(record, original, overrides.of_budgets(session, [record.id]), today=today)


def load_comparison(
    session: Connection, record: BudgetRecord, *, today: date, forecast: ForecastRecord | None = None
) -> Comparison:
    """Against `forecast`, or against the newest that covers the budget."""
    if forecast is None:
        forecast = forecasts.get(session, amounts.newest_covering(session, record))
    recorded = amounts.actual_by_month(session, record, forecast_id=forecast.id)
    return compare(
        load_standing(session, record, today=today),
        forecast_id=forecast.id,
        forecast=_forecast_months(session, forecast, record),
        actual={
            # What was recorded may have finer amounts than the currency has; a month is rounded once.
            month: amount.quantize(nothing(currency), ROUND_HALF_UP)
            for (month, currency), amount in recorded.items()
            if currency == record.currency
        },
        today=today,
        left_out=tuple(sorted({currency for _, currency in recorded} - {record.currency})),
    )


def _forecast_months(session: Connection, forecast: ForecastRecord, record: BudgetRecord) -> dict[date, Decimal]:
    """Every month of the horizon: one without any line costs nothing."""
    known = amounts.by_month(session, forecast.id, basis=record.basis)
    zero = nothing(record.currency)
    first = Month.of(forecast.horizon_first_month or record.first_month)
    days = [first.plus(index).first_day for index in range(forecast.horizon_months or 0)]
    return {day: known.get(day, zero) for day in days}
