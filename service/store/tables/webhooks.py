"""Webhooks: endpoints, the secrets that sign for them, deliveries of events and every attempt at one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length, one_of
from service.store.metadata import Id, Model, Moment, WorkspaceId

ENVELOPES = ("standard", "cloudevents")
DELIVERY_STATUSES = ("pending", "delivered", "dead")


def _of_endpoint(name: str) -> ForeignKeyConstraint:
    # The convention's names would be longer than Postgres takes.
    return ForeignKeyConstraint(
        ["workspace_id", "endpoint_id"],
        ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
        name=name,
        ondelete="CASCADE",
    )


class WebhookEndpoints(Model):
    """An address that wants events. `resting_until` is what its Retry-After asked for, as far as a day ahead."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        length("url", 2000),
        length("description", 200, least=0),
        CheckConstraint("cardinality(events) > 0", name="some_event"),
        CheckConstraint(one_of("envelope", ENVELOPES), name="envelope_known"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_for_a_reason"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    url: Mapped[str]
    description: Mapped[str]
    events: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    envelope: Mapped[str]
    disabled_at: Mapped[Moment | None]
    disabled_reason: Mapped[str | None]
    failing_since: Mapped[Moment | None]
    resting_until: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class WebhookSecrets(Model):
    """What signs for an endpoint. Only the role that delivers may read the column `secret`."""

    __tablename__ = "webhook_secrets"
    __table_args__ = (
        _of_endpoint("fk_webhook_secrets_endpoint"),
        Index(None, "workspace_id", "endpoint_id"),
        Index(
            "uq_webhook_secrets_current",
            "workspace_id",
            "endpoint_id",
            unique=True,
            postgresql_where=text("expires_at IS NULL"),
        ),
        length("secret", 200),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    endpoint_id: Mapped[UUID]
    secret: Mapped[str]
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class WebhookDeliveries(Model):
    """One event for one endpoint, with the bytes that every attempt sends.

    `failures` counts within the retry schedule and begins anew with a replay; `attempts` counts all there were.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        UniqueConstraint("workspace_id", "id"),
        _of_endpoint("fk_webhook_deliveries_endpoint"),
        Index(None, "workspace_id", "endpoint_id", "id"),
        # Two indexes of what is pending, said in different words, so that neither is ever taken for the other's search.
        Index(
            "ix_webhook_deliveries_due",
            "endpoint_id",
            "due_at",
            "event_id",
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_webhook_deliveries_waiting",
            "endpoint_id",
            "subject",
            "event_id",
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_webhook_deliveries_claimed", "endpoint_id", postgresql_where=text("claim_token IS NOT NULL")),
        Index("ix_webhook_deliveries_dead", "workspace_id", "id", postgresql_where=text("status = 'dead'")),
        Index("ix_webhook_deliveries_finished", "finished_at", postgresql_where=text("status <> 'pending'")),
        CheckConstraint(one_of("status", DELIVERY_STATUSES), name="status_known"),
        CheckConstraint("(status = 'pending') = (finished_at IS NULL)", name="finished_when_decided"),
        CheckConstraint("(claim_token IS NULL) = (lease_expires_at IS NULL)", name="lease_when_claimed"),
        CheckConstraint("status = 'pending' OR claim_token IS NULL", name="claimed_while_pending"),
        CheckConstraint("octet_length(body) BETWEEN 1 AND 20000", name="body_size"),
        length("event", 100),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event: Mapped[str]
    subject: Mapped[str]
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[Moment]
    claim_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_status_code: Mapped[int | None] = mapped_column(SmallInteger)
    last_error: Mapped[str | None]
    created_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]


class WebhookAttempts(Model):
    """What one attempt met: an answer with its status and first bytes, or an error instead."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number"),
        ForeignKeyConstraint(
            ["workspace_id", "delivery_id"],
            ["webhook_deliveries.workspace_id", "webhook_deliveries.id"],
            name="fk_webhook_attempts_delivery",
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "delivery_id"),
        CheckConstraint("number > 0", name="counted_from_one"),
        CheckConstraint("status_code IS NOT NULL OR error IS NOT NULL", name="some_outcome"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    delivery_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    began_at: Mapped[Moment]
    milliseconds: Mapped[int] = mapped_column(Integer)
    status_code: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str | None]
    answer_begins: Mapped[str | None]
