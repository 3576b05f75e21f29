"""The tables. Rules that must hold whoever writes are constraints here; who may write is row-level security."""

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
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.metadata import Document, Id, Model, Moment, WorkspaceId

FORECAST_STATUSES = ("queued", "running", "succeeded", "failed", "cancelled")
PRICE_STATUSES = ("list", "promotional", "scheduled", "cancelled", "negotiated")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _length(column: str, most: int, least: int = 1) -> CheckConstraint:
    return CheckConstraint(f"char_length({column}) BETWEEN {least} AND {most}", name=f"{column}_length")


def _currency() -> CheckConstraint:
    return CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code")


def _finite(column: str, least: str = "'-Infinity'") -> CheckConstraint:
    # NaN sorts above Infinity in Postgres, so "below Infinity" also refuses NaN.
    compare = ">" if "Infinity" in least else ">="
    return CheckConstraint(
        f"{column} {compare} {least}::numeric AND {column} < 'Infinity'::numeric", name=f"{column}_finite"
    )


class Workspaces(Model):
    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("name"), _length("name", 200))

    id: Mapped[Id]
    name: Mapped[str]
    created_at: Mapped[Moment]


class ApiKeys(Model):
    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("prefix"),
        Index(None, "workspace_id", "id"),
        _length("name", 200),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash_is_sha256"),
        CheckConstraint("scopes <@ ARRAY['read', 'write', 'approve', 'admin']", name="scopes_known"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    prefix: Mapped[str]
    secret_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]


class Plans(Model):
    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "id"),
        _length("name", 200),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Fleets(Model):
    __tablename__ = "fleets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        Index(None, "workspace_id", "id"),
        Index(None, "workspace_id", "plan_id"),
        # The workspace is part of the reference, so that no row can point into another workspace.
        ForeignKeyConstraint(
            ["workspace_id", "plan_id"], ["plans.workspace_id", "plans.id"], ondelete="SET NULL (plan_id)"
        ),
        _length("name", 200),
        _length("cost_center", 200, least=0),
        _length("accelerator", 200),
        _length("serves", 200),
        CheckConstraint("nodes >= 0", name="nodes_not_negative"),
        CheckConstraint("version > 0", name="version_positive"),
        _currency(),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    plan_id: Mapped[UUID | None]
    name: Mapped[str]
    cost_center: Mapped[str | None]
    accelerator: Mapped[str]
    serves: Mapped[str]
    nodes: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Workloads(Model):
    __tablename__ = "workloads"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        Index(None, "workspace_id", "id"),
        Index(None, "workspace_id", "plan_id"),
        ForeignKeyConstraint(
            ["workspace_id", "plan_id"], ["plans.workspace_id", "plans.id"], ondelete="SET NULL (plan_id)"
        ),
        _length("name", 200),
        _length("cost_center", 200, least=0),
        _length("gl_account", 200, least=0),
        _length("task", 100),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    plan_id: Mapped[UUID | None]
    name: Mapped[str]
    cost_center: Mapped[str | None]
    gl_account: Mapped[str | None]
    task: Mapped[str | None]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Prices(Model):
    """History, never overwritten. A row without a workspace belongs to the packaged catalogue, which all may read."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "content_hash", postgresql_nulls_not_distinct=True),
        Index(None, "provider", "model", "meter"),
        Index(None, "workspace_id", "id"),
        _length("provider", 200),
        _length("model", 200),
        _length("meter", 100),
        _length("service_tier", 100),
        _finite("rate", "0"),
        _currency(),
        CheckConstraint("per_tokens > 0", name="per_tokens_positive"),
        CheckConstraint("prompt_tokens_from >= 0", name="prompt_tokens_from_not_negative"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="effective_period"),
        CheckConstraint(_one_of("status", PRICE_STATUSES), name="status_known"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash_is_sha256"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId | None]
    provider: Mapped[str]
    model: Mapped[str]
    meter: Mapped[str]
    rate: Mapped[Decimal]
    currency: Mapped[str]
    per_tokens: Mapped[int] = mapped_column(BigInteger)
    effective_from: Mapped[Moment]
    effective_to: Mapped[Moment | None]
    recorded_at: Mapped[Moment]
    end_recorded_at: Mapped[Moment | None]
    status: Mapped[str]
    utc_window: Mapped[str | None]
    service_tier: Mapped[str]
    prompt_tokens_from: Mapped[int] = mapped_column(BigInteger)
    region: Mapped[str | None]
    source: Mapped[str | None]
    date_basis: Mapped[str | None]
    confidence: Mapped[str | None]
    note: Mapped[str | None]
    created_at: Mapped[Moment]
    content_hash: Mapped[bytes]


class Forecasts(Model):
    """A budget to compute, being computed or computed, with the inputs it froze when it was asked for."""

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        # Neither column changes while a worker extends its lease, so those updates stay within their page.
        Index("ix_forecasts_unfinished", "queued_at", postgresql_where=text("status IN ('queued', 'running')")),
        CheckConstraint(_one_of("status", FORECAST_STATUSES), name="status_known"),
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
        _length("inputs_sha256", 64, least=64),
        _currency(),
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
        _finite("billed"),
        _finite("effective"),
        _currency(),
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


class AuditLog(Model):
    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "workspace_id", "id"), _length("actor", 200), _length("action", 100))

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[Document]
    created_at: Mapped[Moment]


class Outbox(Model):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
        Index(None, "workspace_id", "id"),
        _length("event", 100),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    event: Mapped[str]
    subject: Mapped[str]
    data: Mapped[Document]
    created_at: Mapped[Moment]
    published_at: Mapped[Moment | None]


class IdempotencyKeys(Model):
    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index(None, "created_at"),
        _length("key", 255),
        CheckConstraint(_one_of("state", ("running", "finished")), name="state_known"),
        CheckConstraint("(state = 'finished') = (response_status IS NOT NULL)", name="response_when_finished"),
    )

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    state: Mapped[str]
    token: Mapped[UUID]
    locked_until: Mapped[Moment]
    created_at: Mapped[Moment]
    response_status: Mapped[int | None] = mapped_column(SmallInteger)
    response_headers: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    response_body: Mapped[bytes | None]
