"""Budgets: versions of what was approved, and what is said, adjusted and watched beside them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, finite, length, one_of
from service.store.metadata import Id, Model, Moment, WorkspaceId

BUDGET_STATUSES = ("draft", "submitted", "approved", "superseded")
MEASURES = ("actual", "forecast")
PERIODS = ("total", "month")


def _of_budget() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "budget_id"], ["budgets.workspace_id", "budgets.id"], ondelete="CASCADE"
    )


class Budgets(Model):
    """A version of a budget: a forecast that was put forward. Its figures are in no UPDATE list."""

    __tablename__ = "budgets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "name", "number"),
        Index("uq_budgets_approved", "workspace_id", "name", unique=True, postgresql_where=text("status = 'approved'")),
        Index("ix_budgets_checked_at", "checked_at", postgresql_where=text("status = 'approved'")),
        Index(None, "workspace_id", "forecast_id"),
        ForeignKeyConstraint(["workspace_id", "forecast_id"], ["forecasts.workspace_id", "forecasts.id"]),
        CheckConstraint(one_of("status", BUDGET_STATUSES), name="status_known"),
        CheckConstraint("number > 0 AND version > 0", name="counted_from_one"),
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted_unless_draft"),
        CheckConstraint(
            "(status IN ('approved', 'superseded')) = (approved_at IS NOT NULL)", name="approved_when_decided"
        ),
        CheckConstraint("(status = 'superseded') = (superseded_at IS NOT NULL)", name="superseded_at_the_end"),
        length("name", 200),
        finite("amount"),
        finite("expected"),
        finite("contingency"),
        currency_code(),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str]
    forecast_id: Mapped[UUID]
    currency: Mapped[str]
    basis: Mapped[str]
    confidence: Mapped[Decimal]
    amount: Mapped[Decimal]
    expected: Mapped[Decimal]
    contingency: Mapped[Decimal]
    first_month: Mapped[date] = mapped_column(Date)
    months: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[str]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[Moment | None]
    submitted_reason: Mapped[str | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[Moment | None]
    approved_reason: Mapped[str | None]
    superseded_by: Mapped[UUID | None]
    superseded_at: Mapped[Moment | None]
    checked_at: Mapped[Moment | None]


class BudgetOverrides(Model):
    """What a month, or one line of it, is budgeted at instead; `original` stays beside it."""

    __tablename__ = "budget_overrides"
    __table_args__ = (
        _of_budget(),
        Index(
            "uq_budget_overrides_month",
            "budget_id",
            "month",
            unique=True,
            postgresql_where=text("line IS NULL AND withdrawn_at IS NULL"),
        ),
        Index(
            "uq_budget_overrides_line",
            "budget_id",
            "line",
            unique=True,
            postgresql_where=text("line IS NOT NULL AND withdrawn_at IS NULL"),
        ),
        Index(None, "workspace_id", "budget_id"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        length("reason", 2000),
        finite("original"),
        finite("amount"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    budget_id: Mapped[UUID]
    month: Mapped[date] = mapped_column(Date)
    line: Mapped[int | None] = mapped_column(Integer)
    original: Mapped[Decimal]
    amount: Mapped[Decimal]
    reason: Mapped[str]
    expires_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str]
    created_at: Mapped[Moment]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[Moment | None]


class BudgetComments(Model):
    """What was said about a month's variance, or about the whole budget's."""

    __tablename__ = "budget_comments"
    __table_args__ = (_of_budget(), Index(None, "workspace_id", "budget_id"), length("comment", 2000))

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    budget_id: Mapped[UUID]
    month: Mapped[date | None] = mapped_column(Date)
    comment: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[Moment]


class BudgetThresholds(Model):
    """A limit to be told of. It belongs to the budget's name, so that it outlives a version."""

    __tablename__ = "budget_thresholds"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        Index(
            "uq_budget_thresholds_rule",
            "workspace_id",
            "budget_name",
            "measure",
            "period",
            "fraction",
            "amount",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        CheckConstraint(one_of("measure", MEASURES), name="measure_known"),
        CheckConstraint(one_of("period", PERIODS), name="period_known"),
        CheckConstraint("(fraction IS NULL) <> (amount IS NULL)", name="one_limit"),
        length("budget_name", 200),
        CheckConstraint("fraction > 0 AND fraction <= 100", name="fraction_positive"),
        CheckConstraint("amount > 0 AND amount < 'Infinity'::numeric", name="amount_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    budget_name: Mapped[str]
    measure: Mapped[str]
    period: Mapped[str]
    fraction: Mapped[Decimal | None]
    amount: Mapped[Decimal | None]
    created_by: Mapped[str]
    created_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]


class BudgetAlerts(Model):
    """One crossing of a threshold: open while the figure stays at or above the limit."""

    __tablename__ = "budget_alerts"
    __table_args__ = (
        _of_budget(),
        ForeignKeyConstraint(
            ["workspace_id", "threshold_id"],
            ["budget_thresholds.workspace_id", "budget_thresholds.id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_budget_alerts_open",
            "threshold_id",
            "budget_id",
            "month",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("cleared_at IS NULL"),
        ),
        Index(None, "workspace_id", "budget_id"),
        finite("limit_amount"),
        finite("value"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    threshold_id: Mapped[UUID]
    budget_id: Mapped[UUID]
    month: Mapped[date | None] = mapped_column(Date)
    limit_amount: Mapped[Decimal]
    value: Mapped[Decimal]
    forecast_id: Mapped[UUID]
    crossed_at: Mapped[Moment]
    cleared_at: Mapped[Moment | None]
