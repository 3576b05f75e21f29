"""A version of a budget on the wire: put forward from a forecast, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

import msgspec

from service.budgeting.standing import changes_by_month, nothing
from service.schemas.budgets.threshold import ThresholdIn
from service.schemas.forecast.forecast import Horizon
from service.schemas.page import Name as NameFilter
from service.schemas.page import PageQuery
from service.schemas.wire import Name, Wire
from service.store.budgets.overrides import OverrideRecord
from service.store.budgets.versions import BudgetRecord, NewBudget
from service.store.forecasts import ForecastRecord

BudgetStatus = Literal["draft", "submitted", "approved", "superseded"]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
MOST_THRESHOLDS = 50


class BudgetIn(Wire, kw_only=True, frozen=True):
    """`thresholds` are added to those of the name; null leaves a new name the default ones."""

    name: Name
    forecast_id: UUID
    note: Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    thresholds: Annotated[list[ThresholdIn], msgspec.Meta(max_length=MOST_THRESHOLDS)] | None = None


class DecisionIn(Wire, kw_only=True, frozen=True):
    """Why a budget is submitted, approved or returned."""

    reason: Reason


class BudgetQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: NameFilter | None = None
    status: BudgetStatus | None = None


class DecisionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`by` is a key, as the audit log names it."""

    by: str
    at: datetime
    reason: str


class BudgetFigures(msgspec.Struct, frozen=True, kw_only=True):
    amount: Decimal
    expected: Decimal
    contingency: Decimal


class BudgetOut(msgspec.Struct, frozen=True, kw_only=True):
    """`original` is what the forecast gave; the figures beside it have the overrides in force in them."""

    id: UUID
    name: str
    number: int
    version: int
    status: BudgetStatus
    forecast_id: UUID
    currency: str
    basis: str
    confidence: float
    horizon: Horizon
    amount: Decimal
    expected: Decimal
    contingency: Decimal
    original: BudgetFigures
    note: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    submitted: DecisionOut | None
    approved: DecisionOut | None
    superseded_by: UUID | None
    superseded_at: datetime | None


class BudgetPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[BudgetOut]
    next_cursor: str | None


def new_budget(sent: BudgetIn, forecast: ForecastRecord) -> NewBudget:
    """`forecast` has succeeded, so it has all its figures."""
    zero = nothing(forecast.currency)
    return NewBudget(
        name=sent.name,
        forecast_id=forecast.id,
        currency=forecast.currency,
        basis=forecast.basis or "effective",
        confidence=forecast.confidence or Decimal(0),
        amount=forecast.budget_amount or zero,
        expected=forecast.expected or zero,
        contingency=forecast.contingency or zero,
        first_month=forecast.horizon_first_month or forecast.as_of,
        months=forecast.horizon_months or 1,
        note=sent.note,
    )


def budget_out(record: BudgetRecord, overrides: Iterable[OverrideRecord], *, today: date) -> BudgetOut:
    """`overrides` are all of this budget's."""
    changes = changes_by_month(overrides, record.decided_on(today))
    change = sum(changes.values(), nothing(record.currency))
    return BudgetOut(
        id=record.id,
        name=record.name,
        number=record.number,
        version=record.version,
        status=cast("BudgetStatus", record.status),  # the table's check constraint holds the same names
        forecast_id=record.forecast_id,
        currency=record.currency,
        basis=record.basis,
        confidence=float(record.confidence),
        horizon=Horizon(first_month=f"{record.first_month:%Y-%m}", months=record.months),
        amount=record.amount + change,
        expected=record.expected + change,
        contingency=record.contingency,
        original=BudgetFigures(amount=record.amount, expected=record.expected, contingency=record.contingency),
        note=record.note,
        created_by=record.created_by,
        created_at=record.created_at,
        updated_at=record.updated_at,
        submitted=_decision(record.submitted_by, record.submitted_at, record.submitted_reason),
        approved=_decision(record.approved_by, record.approved_at, record.approved_reason),
        superseded_by=record.superseded_by,
        superseded_at=record.superseded_at,
    )


def _decision(by: str | None, at: datetime | None, reason: str | None) -> DecisionOut | None:
    return None if by is None or at is None else DecisionOut(by=by, at=at, reason=reason or "")
