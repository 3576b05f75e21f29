"""Forecasts and the lines of their budgets."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, finite, length, one_of
from service.store.metadata import Id, Model, Moment, WorkspaceId

FORECAST_STATUSES = ("queued", "running", "succeeded", "failed", "cancelled")


class Forecasts(Model):
    """A budget to compute, being computed or computed, with the inputs it froze when it was asked for."""

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        Index(None, "workspace_id", "previous_forecast_id"),
        ForeignKeyConstraint(["workspace_id", "previous_forecast_id"], ["forecasts.workspace_id", "forecasts.id"]),
        # Neither column changes while a worker extends its lease, so those updates stay within their page.
        Index("ix_forecasts_unfinished", "queued_at", postgresql_where=text("status IN ('queued', 'running')")),
        CheckConstraint(one_of("status", FORECAST_STATUSES), name="status_known"),
        CheckConstraint("progress_fraction BETWEEN 0 AND 1", name="progress_is_a_fraction"),
        CheckConstraint("draws > 0", name="draws_positive"),
        CheckConstraint("(status = 'succeeded') = (document IS NOT NULL)", name="document_when_succeeded"),
        CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem_when_failed"),
        CheckConstraint(
            "(status = 'running') = (claim_token IS NOT NULL AND lease_expires_at IS NOT NULL)",
            name="lease_when_running",
        ),
        CheckConstraint(
            "(finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled'))", name="finished_at_the_end"
        ),
        length("inputs_sha256", 64, least=64),
        currency_code(),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    status: Mapped[str]
    snapshot: Mapped[bytes]
    inputs_sha256: Mapped[str]
    as_of: Mapped[date] = mapped_column(Date)
    seed: Mapped[int] = mapped_column(BigInteger)
    draws: Mapped[int] = mapped_column(Integer)
    model_version: Mapped[str]
    currency: Mapped[str]
    horizon_first_month: Mapped[date | None] = mapped_column(Date)
    horizon_months: Mapped[int | None] = mapped_column(SmallInteger)
    requested_by: Mapped[str]
    previous_forecast_id: Mapped[UUID | None]
    progress_fraction: Mapped[float]
    queued_at: Mapped[Moment]
    sent_at: Mapped[Moment]
    sends: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    lease_expires_at: Mapped[Moment | None]
    claim_token: Mapped[UUID | None]
    attempt: Mapped[int] = mapped_column(Integer)
    cancel_requested_at: Mapped[Moment | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    document: Mapped[bytes | None]
    basis: Mapped[str | None]
    confidence: Mapped[Decimal | None]
    budget_amount: Mapped[Decimal | None]
    expected: Mapped[Decimal | None]
    contingency: Mapped[Decimal | None]


class BudgetLines(Model):
    __tablename__ = "budget_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "forecast_id"], ["forecasts.workspace_id", "forecasts.id"], ondelete="CASCADE"
        ),
        CheckConstraint("position >= 0", name="position_not_negative"),
        finite("billed"),
        finite("effective"),
        currency_code(),
    )

    forecast_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    workspace_id: Mapped[UUID]
    month: Mapped[date] = mapped_column(Date)
    workload: Mapped[str | None]
    cost_center: Mapped[str | None]
    gl_account: Mapped[str | None]
    route: Mapped[str | None]
    kind: Mapped[str]
    meter: Mapped[str | None]
    quantity: Mapped[Decimal | None]
    unit: Mapped[str | None]
    unit_price: Mapped[Decimal | None]
    billed: Mapped[Decimal]
    effective: Mapped[Decimal]
    currency: Mapped[str]
