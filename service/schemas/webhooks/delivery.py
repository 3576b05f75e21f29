"""Deliveries as a resource: what became of each event at each endpoint, and the log of its attempts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import msgspec

from service.schemas.page import PageQuery
from service.schemas.wire import Wire
from service.store.webhooks.deliveries import AttemptRecord, DeliveryRecord
from service.webhooks.events import message_id

DeliveryStatus = Literal["pending", "delivered", "dead"]


class DeliveryQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    status: DeliveryStatus | None = None


class DeadLetterQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    webhook_id: UUID | None = None


class DeliveryOut(msgspec.Struct, frozen=True, kw_only=True):
    """`message_id` is the webhook-id that receivers see; `next_attempt_at` is the earliest, while it is pending."""

    id: UUID
    webhook_id: UUID
    message_id: str
    event: str
    subject: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    last_status_code: int | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


class DeliveryPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[DeliveryOut]
    next_cursor: str | None


class AttemptOut(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, an error instead, or both where an answer broke off; `answer_begins` is text of a stranger's."""

    number: int
    began_at: datetime
    milliseconds: int
    status_code: int | None
    error: str | None
    answer_begins: str | None


class DeliveryWithLog(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with the body that every attempt sends, and the attempts so far, the first first."""

    delivery: DeliveryOut
    body: dict[str, Any]
    log: list[AttemptOut]


class DeadLettersIn(Wire, kw_only=True, frozen=True):
    """Whose dead letters to send again: one endpoint's, or those of all that are enabled."""

    webhook_id: UUID | None = None


class DeadLettersReplayed(msgspec.Struct, frozen=True, kw_only=True):
    replayed: int


def delivery_out(record: DeliveryRecord) -> DeliveryOut:
    return DeliveryOut(
        id=record.id,
        webhook_id=record.endpoint_id,
        message_id=message_id(record.event_id),
        event=record.event,
        subject=record.subject,
        status=cast("DeliveryStatus", record.status),  # the table's check constraint holds the same names
        attempts=record.attempts,
        next_attempt_at=record.due_at if record.status == "pending" else None,
        last_status_code=record.last_status_code,
        last_error=record.last_error,
        created_at=record.created_at,
        finished_at=record.finished_at,
    )


def delivery_with_log(record: DeliveryRecord, body: bytes, attempts: Iterable[AttemptRecord]) -> DeliveryWithLog:
    return DeliveryWithLog(
        delivery=delivery_out(record),
        body=msgspec.json.decode(body),
        log=[
            AttemptOut(
                number=one.number,
                began_at=one.began_at,
                milliseconds=one.milliseconds,
                status_code=one.status_code,
                error=one.error,
                answer_begins=one.answer_begins,
            )
            for one in attempts
        ],
    )
