"""Deliveries as people see them: listed, read with their attempts, and sent again by hand."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from service.store.database import workspace_of
from service.store.errors import NotFound, WrongStatus
from service.store.ids import new_id
from service.store.pages import cut
from service.store.tables import WebhookAttempts, WebhookDeliveries, WebhookEndpoints
from service.store.webhooks import endpoints

RESOURCE = "delivery"


@dataclass(frozen=True)
class DeliveryRecord:
    """One event for one endpoint, without its body; `due_at` is the next attempt's while it is pending."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    event: str
    subject: str
    status: str
    attempts: int
    failures: int
    due_at: datetime
    last_status_code: int | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class AttemptRecord:
    number: int
    began_at: datetime
    milliseconds: int
    status_code: int | None
    error: str | None
    answer_begins: str | None


@dataclass(frozen=True, kw_only=True)
class NewDelivery:
    """An event for an endpoint, in the bytes that every attempt sends."""

    workspace_id: UUID
    endpoint_id: UUID
    event_id: UUID
    event: str
    subject: str
    content_type: str
    body: bytes


_COLUMNS = [getattr(WebhookDeliveries, field.name) for field in fields(DeliveryRecord)]
_ATTEMPT = [getattr(WebhookAttempts, field.name) for field in fields(AttemptRecord)]


def new_row(delivery: NewDelivery, *, now: datetime) -> dict[str, Any]:
    """The row of a delivery that is due at once."""
    return {
        **{field.name: getattr(delivery, field.name) for field in fields(delivery)},
        "id": new_id(),
        "status": "pending",
        "attempts": 0,
        "failures": 0,
        "due_at": now,
        "created_at": now,
    }


def add(session: Connection, delivery: NewDelivery, *, now: datetime) -> DeliveryRecord:
    """A delivery that nothing but a request asked for, in the workspace of the transaction."""
    if delivery.workspace_id != workspace_of(session):
        raise ValueError("a delivery of another workspace")
    statement = insert(WebhookDeliveries).values(**new_row(delivery, now=now)).returning(*_COLUMNS)
    return DeliveryRecord(*session.execute(statement).one())


def get(session: Connection, delivery_id: UUID) -> DeliveryRecord:
    """Raises NotFound."""
    found = session.execute(select(*_COLUMNS).where(WebhookDeliveries.id == delivery_id)).one_or_none()
    if found is None:
        raise NotFound(RESOURCE, delivery_id)
    return DeliveryRecord(*found)


def body_of(session: Connection, delivery_id: UUID) -> bytes:
    """Raises NotFound."""
    found = session.execute(select(WebhookDeliveries.body).where(WebhookDeliveries.id == delivery_id)).one_or_none()
    if found is None:
        raise NotFound(RESOURCE, delivery_id)
    body: bytes = found[0]
    return body


def attempts_at(session: Connection, delivery_id: UUID) -> list[AttemptRecord]:
    """Every attempt there was, the first first."""
    statement = select(*_ATTEMPT).where(WebhookAttempts.delivery_id == delivery_id).order_by(WebhookAttempts.number)
    return [AttemptRecord(*row) for row in session.execute(statement)]


def page(
    session: Connection, *, endpoint_id: UUID | None, status: str | None, after: UUID | None, limit: int
) -> tuple[list[DeliveryRecord], UUID | None]:
    """The newest first, of one endpoint or of all, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(WebhookDeliveries.id.desc()).limit(limit + 1)
    if endpoint_id is not None:
        statement = statement.where(WebhookDeliveries.endpoint_id == endpoint_id)
    if status is not None:
        statement = statement.where(WebhookDeliveries.status == status)
    if after is not None:
        statement = statement.where(WebhookDeliveries.id < after)
    return cut([DeliveryRecord(*row) for row in session.execute(statement)], limit)


def replay(session: Connection, delivery_id: UUID, *, now: datetime) -> DeliveryRecord:
    """Sends one again that has ended, with the same id and bytes; raises NotFound, and WrongStatus for one that waits.

    An endpoint that is disabled takes nothing: WrongStatus too.
    """
    record = get(session, delivery_id)
    if record.status == "pending":
        raise WrongStatus(RESOURCE, delivery_id, record.status, "delivered or dead")
    if endpoints.get(session, record.endpoint_id).disabled_at is not None:
        raise WrongStatus(endpoints.RESOURCE, record.endpoint_id, "disabled", "enabled")
    statement = _again(now).where(WebhookDeliveries.id == delivery_id, WebhookDeliveries.status != "pending")
    again = session.execute(statement.returning(*_COLUMNS)).one_or_none()
    if again is None:
        raise WrongStatus(RESOURCE, delivery_id, "pending", "delivered or dead")
    endpoints.wake(session, [record.endpoint_id])
    return DeliveryRecord(*again)


def replay_dead(session: Connection, *, endpoint_id: UUID | None, now: datetime) -> int:
    """Sends every dead letter again, of one endpoint or of all that are enabled; answers how many."""
    enabled = select(WebhookEndpoints.id).where(WebhookEndpoints.disabled_at.is_(None))
    statement = _again(now).where(WebhookDeliveries.status == "dead", WebhookDeliveries.endpoint_id.in_(enabled))
    if endpoint_id is not None:
        statement = statement.where(WebhookDeliveries.endpoint_id == endpoint_id)
    woken = list(session.execute(statement.returning(WebhookDeliveries.endpoint_id)).scalars())
    if woken:
        endpoints.wake(session, set(woken))
    return len(woken)


def bury_disabled(session: Connection, *, now: datetime) -> int:
    """What waits for an endpoint that takes nothing any more becomes a dead letter; answers how many did.

    In a tenant's transaction those of its workspace, in the role that delivers those of all. What is being sent at
    this moment ends by itself.
    """
    disabled = select(WebhookEndpoints.id).where(WebhookEndpoints.disabled_at.is_not(None))
    statement = (
        update(WebhookDeliveries)
        .where(
            WebhookDeliveries.endpoint_id.in_(disabled),
            WebhookDeliveries.status == "pending",
            (WebhookDeliveries.claim_token.is_(None)) | (WebhookDeliveries.lease_expires_at < now),
        )
        .values(
            status="dead",
            finished_at=now,
            claim_token=None,
            lease_expires_at=None,
            last_error="the endpoint is disabled",
        )
    )
    return session.execute(statement).rowcount


def _again(now: datetime) -> Any:
    return update(WebhookDeliveries).values(status="pending", failures=0, due_at=now, finished_at=None)
