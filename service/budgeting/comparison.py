"""A budget against what happened and what is forecast now, month by month; a variance above zero is over budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from forecasts.timeline import Month
from service.budgeting.standing import BudgetMonth, StandingBudget, nothing

Source = Literal["actual", "forecast", "budget"]


@dataclass(frozen=True, kw_only=True)
class ComparedMonth:
    """`estimate` is the actual cost of a month that has ended, else the forecast, else the budget itself.

    A month that still runs is estimated at no less than what it cost so far.
    """

    month: date
    original: Decimal
    budget: Decimal
    actual: Decimal | None
    forecast: Decimal | None
    estimate: Decimal
    source: Source

    @property
    def variance(self) -> Decimal:
        return self.estimate - self.budget


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`actual` is what was recorded so far, `budget_to_date` the budget of the months it was recorded for.

    What was recorded in another currency is in none of the figures; `left_out` names those currencies.
    """

    standing: StandingBudget
    forecast_id: UUID
    months: tuple[ComparedMonth, ...]
    actual: Decimal
    budget_to_date: Decimal
    estimate: Decimal
    left_out: tuple[str, ...]

    @property
    def variance(self) -> Decimal:
        return self.estimate - self.standing.expected

    @property
    def remaining(self) -> Decimal:
        """What the estimate leaves of the amount, contingency included."""
        return self.standing.amount - self.estimate


def compare(
    budget: StandingBudget,
    *,
    forecast_id: UUID,
    forecast: Mapping[date, Decimal],
    actual: Mapping[date, Decimal],
    today: date,
    left_out: tuple[str, ...] = (),
) -> Comparison:
    """`forecast` has every month of its horizon, `actual` every month that is recorded, both on the budget's basis."""
    months = []
    for one in budget.months:
        recorded, expected = actual.get(one.month), forecast.get(one.month)
        estimate, source = _estimate(one, recorded, expected, today)
        months.append(
            ComparedMonth(
                month=one.month,
                original=one.original,
                budget=one.budget,
                actual=recorded,
                forecast=expected,
                estimate=estimate,
                source=source,
            )
        )
    zero = nothing(budget.record.currency)
    return Comparison(
        standing=budget,
        forecast_id=forecast_id,
        months=tuple(months),
        actual=sum((one.actual for one in months if one.actual is not None), zero),
        budget_to_date=sum((one.budget for one in months if one.actual is not None), zero),
        estimate=sum((one.estimate for one in months), zero),
        left_out=left_out,
    )


def _estimate(
    one: BudgetMonth, recorded: Decimal | None, expected: Decimal | None, today: date
) -> tuple[Decimal, Source]:
    if recorded is not None and Month.of(one.month).plus(1).first_day <= today:
        return recorded, "actual"
    estimate: Decimal
    source: Source
    estimate, source = (one.budget, "budget") if expected is None else (expected, "forecast")
    return (recorded, "actual") if recorded is not None and recorded > estimate else (estimate, source)
