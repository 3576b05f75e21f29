"""Shapes of the API, of budgets: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.forecasts import Horizon


class AlertList(TypedDict):
    """The alerts of a budget's name, the newest first."""

    items: list[AlertOut]


class AlertOut(TypedDict):
    """One crossing: it is cleared when the figure falls below the limit, and only then can be raised again."""

    id: str
    threshold_id: str
    month: str | None
    limit: str
    value: str
    forecast_id: str
    crossed_at: str
    cleared_at: str | None


class BudgetComparisonOut(TypedDict):
    """Actual cost in other currencies than the budget's is in none of the figures, and is named."""

    budget_id: str
    name: str
    number: int
    status: str
    currency: str
    basis: str
    budget_forecast_id: str
    forecast_id: str
    total: ComparedTotalOut
    currencies_left_out: list[str]
    months: list[ComparedMonthOut]
    comments: list[CommentOut]


class BudgetDecisionIn(TypedDict):
    """Why a budget is submitted, approved or returned."""

    reason: str


class BudgetDecisionOut(TypedDict):
    """`by` is a key, as the audit log names it."""

    by: str
    at: str
    reason: str


class BudgetFigures(TypedDict):
    """The three figures of a budget."""

    amount: str
    expected: str
    contingency: str


class BudgetIn(TypedDict):
    """`thresholds` are added to those of the name; null leaves a new name the default ones."""

    name: str
    forecast_id: str
    note: NotRequired[str]
    thresholds: NotRequired[list[ThresholdIn] | None]


class BudgetPage(TypedDict):
    """A page of budget versions."""

    items: list[BudgetVersionOut]
    next_cursor: str | None


class BudgetVersionOut(TypedDict):
    """`original` is what the forecast gave; the figures beside it have the overrides in force in them."""

    id: str
    name: str
    number: int
    version: int
    status: Literal["approved", "draft", "submitted", "superseded"]
    forecast_id: str
    currency: str
    basis: str
    confidence: float
    horizon: Horizon
    amount: str
    expected: str
    contingency: str
    original: BudgetFigures
    note: str
    created_by: str
    created_at: str
    updated_at: str
    submitted: BudgetDecisionOut | None
    approved: BudgetDecisionOut | None
    superseded_by: str | None
    superseded_at: str | None


class CommentIn(TypedDict):
    """`month` null is the whole budget."""

    month: NotRequired[str | None]
    comment: str


class CommentOut(TypedDict):
    """A comment on a budget, or on one month of it."""

    id: str
    month: str | None
    comment: str
    created_by: str
    created_at: str


class ComparedMonthOut(TypedDict):
    """One month of a budget beside what it cost and what is forecast of it."""

    original: str
    budget: str
    actual: str | None
    forecast: str | None
    estimate: str
    variance: str
    variance_fraction: float | None
    comment: str | None
    month: str
    estimate_from: Literal["actual", "budget", "forecast"]


class ComparedTotalOut(TypedDict):
    """`amount` is the budget with its contingency, `remaining` what the estimate leaves of it.

    `budget_to_date` and `variance_to_date` are over the months whose actual cost is known. `forecast` is null where the
    forecast does not reach over every month.
    """

    original: str
    budget: str
    actual: str | None
    forecast: str | None
    estimate: str
    variance: str
    variance_fraction: float | None
    comment: str | None
    amount: str
    contingency: str
    remaining: str
    budget_to_date: str
    variance_to_date: str | None


class OverrideIn(TypedDict):
    """Either a month or a line of the budget's forecast; `expires_on` is the last day on which it counts."""

    month: NotRequired[str | None]
    line: NotRequired[str | None]
    amount: str
    reason: str
    expires_on: NotRequired[str | None]


class OverrideList(TypedDict):
    """Every override of a budget."""

    items: list[OverrideOut]


class OverrideOut(TypedDict):
    """`original` is what was computed; `in_force` says whether it counts, on the day of the approval or today."""

    id: str
    month: str
    line: str | None
    original: str
    amount: str
    reason: str
    expires_on: str | None
    in_force: bool
    created_by: str
    created_at: str
    withdrawn_by: str | None
    withdrawn_at: str | None


class ThresholdIn(TypedDict):
    """Either a fraction of the budget (0.8 is 80 %) or an amount in its currency.

    `actual` is the cost recorded so far, `forecast` that cost and the newest forecast of the remaining months.
    """

    measure: NotRequired[Literal["actual", "forecast"]]
    period: NotRequired[Literal["month", "total"]]
    fraction: NotRequired[str | None]
    amount: NotRequired[str | None]


class ThresholdList(TypedDict):
    """The thresholds of a budget's name."""

    items: list[ThresholdOut]


class ThresholdOut(TypedDict):
    """It belongs to the budget's name and goes on with the next version."""

    id: str
    budget_name: str
    measure: Literal["actual", "forecast"]
    period: Literal["month", "total"]
    fraction: str | None
    amount: str | None
    created_by: str
    created_at: str
