"""A version of a budget as the forecast's charts draw it beside the months."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from forecasts.errors import Problem
from service.budgeting.loading import load_standing
from service.refusals import BadParameters
from service.store.budgets.versions import BudgetRecord
from service.store.forecasts import ForecastRecord


def budget_beside(
    session: Connection, budget: BudgetRecord, forecast: ForecastRecord, *, today: date
) -> dict[str, Any]:
    """Its name and its months, without the contingency; raises BadParameters where the two cannot be compared."""
    for what, of_budget, of_forecast in (
        ("in", budget.currency, forecast.currency),
        ("of", f"{budget.basis} cost", f"{forecast.basis} cost"),
    ):
        if of_budget != of_forecast:
            detail = f"is {what} {of_budget}, the forecast {what} {of_forecast}; give a budget {what} that"
            raise BadParameters((Problem(pointer="/budget", detail=detail),))
    standing = load_standing(session, budget, today=today)
    return {
        "name": f"{budget.name} {budget.number} ({budget.status})",
        "months": [{"month": f"{one.month:%Y-%m}", "budget": one.budget} for one in standing.months],
    }
