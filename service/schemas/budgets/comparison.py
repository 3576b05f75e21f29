"""A budget against actual cost and the newest forecast, on the wire; a variance above zero is over budget."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.budgeting.comparison import ComparedMonth, Comparison
from service.budgeting.standing import months_of
from service.schemas import meaning
from service.schemas.budgets.version import Reason
from service.schemas.wire import Wire
from service.store.budgets.comments import CommentRecord
from service.store.budgets.versions import BudgetRecord


class ComparisonQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    forecast: UUID | None = None


class CommentIn(Wire, kw_only=True, frozen=True):
    """`month` null is the whole budget."""

    month: str | None = None
    comment: Reason

    def to_month(self, findings: Findings, budget: BudgetRecord) -> date | None:
        if self.month is None:
            return None
        month = meaning.month(findings, "/month", self.month).first_day
        months = months_of(budget)
        if not findings.problems and month not in months:
            findings.add("/month", f"must be a month of the budget, {months[0]:%Y-%m} to {months[-1]:%Y-%m}")
        return month


class CommentOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    month: str | None
    comment: str
    created_by: str
    created_at: datetime


class ComparedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`estimate` is actual cost where it is known, else the forecast; `variance` is the estimate less the budget."""

    original: Decimal
    budget: Decimal
    actual: Decimal | None
    forecast: Decimal | None
    estimate: Decimal
    variance: Decimal
    variance_fraction: float | None
    comment: str | None


class ComparedMonthOut(ComparedFigures, frozen=True, kw_only=True):
    month: str
    estimate_from: Literal["actual", "forecast", "budget"]


class ComparedTotalOut(ComparedFigures, frozen=True, kw_only=True):
    """`amount` is the budget with its contingency, `remaining` what the estimate leaves of it.

    `budget_to_date` and `variance_to_date` are over the months whose actual cost is known. `forecast` is null where
    the forecast does not reach over every month.
    """

    amount: Decimal
    contingency: Decimal
    remaining: Decimal
    budget_to_date: Decimal
    variance_to_date: Decimal | None


class ComparisonOut(msgspec.Struct, frozen=True, kw_only=True):
    """Actual cost in other currencies than the budget's is in none of the figures, and is named."""

    budget_id: UUID
    name: str
    number: int
    status: str
    currency: str
    basis: str
    budget_forecast_id: UUID
    forecast_id: UUID
    total: ComparedTotalOut
    currencies_left_out: list[str]
    months: list[ComparedMonthOut]
    comments: list[CommentOut]


def comment_out(record: CommentRecord) -> CommentOut:
    return CommentOut(
        id=record.id,
        month=None if record.month is None else f"{record.month:%Y-%m}",
        comment=record.comment,
        created_by=record.created_by,
        created_at=record.created_at,
    )


def comparison_out(found: Comparison, comments: Iterable[CommentRecord]) -> ComparisonOut:
    said = list(comments)
    # Later comments on a month stand over earlier ones.
    newest = {one.month: one.comment for one in said}
    record = found.standing.record
    return ComparisonOut(
        budget_id=record.id,
        name=record.name,
        number=record.number,
        status=record.status,
        currency=record.currency,
        basis=record.basis,
        budget_forecast_id=record.forecast_id,
        forecast_id=found.forecast_id,
        currencies_left_out=list(found.left_out),
        total=_total(found, newest.get(None)),
        months=[_month(one, newest.get(one.month)) for one in found.months],
        comments=[comment_out(one) for one in said],
    )


def _month(one: ComparedMonth, comment: str | None) -> ComparedMonthOut:
    return ComparedMonthOut(
        month=f"{one.month:%Y-%m}",
        original=one.original,
        budget=one.budget,
        actual=one.actual,
        forecast=one.forecast,
        estimate=one.estimate,
        estimate_from=one.source,
        variance=one.variance,
        variance_fraction=_fraction(one.variance, one.budget),
        comment=comment,
    )


def _total(found: Comparison, comment: str | None) -> ComparedTotalOut:
    budget, record = found.standing, found.standing.record
    forecast = [one.forecast for one in found.months if one.forecast is not None]
    anything_actual = any(one.actual is not None for one in found.months)
    return ComparedTotalOut(
        original=record.expected,
        budget=budget.expected,
        actual=found.actual if anything_actual else None,
        forecast=sum(forecast, record.expected - record.expected) if len(forecast) == len(found.months) else None,
        estimate=found.estimate,
        variance=found.variance,
        variance_fraction=_fraction(found.variance, budget.expected),
        comment=comment,
        amount=budget.amount,
        contingency=record.contingency,
        remaining=found.remaining,
        budget_to_date=found.budget_to_date,
        variance_to_date=found.actual - found.budget_to_date if anything_actual else None,
    )


def _fraction(variance: Decimal, budget: Decimal) -> float | None:
    """None where there was no budget to be a fraction of."""
    return round(float(variance / budget), 6) if budget else None
