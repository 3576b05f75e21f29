"""Endpoints as a resource. A secret leaves the service once, in the answer that makes it."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

import msgspec

from forecasts.errors import InvalidInput, Problem
from service.schemas.wire import Label, Wire
from service.store.webhooks.endpoints import EndpointRecord, NewEndpoint
from service.webhooks.addresses import MOST_CHARACTERS, AddressRefused, AddressRule, refuse_private
from service.webhooks.envelopes import Envelope
from service.webhooks.events import EVENTS, EventName

_Url = Annotated[
    str, msgspec.Meta(min_length=1, max_length=MOST_CHARACTERS, examples=["https://example.com/hooks/tokencast"])
]
_Events = Annotated[list[EventName], msgspec.Meta(min_length=1, max_length=2 * len(EVENTS))]
_Hours = Annotated[float, msgspec.Meta(ge=0, le=168)]


class WebhookIn(Wire, kw_only=True, frozen=True):
    """Where events go and which: `events` null means every one there is, those of later versions too."""

    url: _Url
    description: Label = ""
    events: _Events | None = None
    envelope: Envelope = "standard"
    enabled: bool = True


class WebhookOut(msgspec.Struct, frozen=True, kw_only=True):
    """`failing_since` is since when no attempt succeeded, `resting_until` what its last Retry-After asked for."""

    id: UUID
    url: str
    description: str
    events: list[EventName] | None
    envelope: Envelope
    enabled: bool
    disabled_at: datetime | None
    disabled_reason: str | None
    failing_since: datetime | None
    resting_until: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class WebhookPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[WebhookOut]
    next_cursor: str | None


class WebhookSecret(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is null in the replay of an Idempotency-Key: what signs is not kept where answers are.

    The secret before it, if there was one, signs beside it until `previous_secret_until`.
    """

    webhook: WebhookOut
    secret: str | None
    previous_secret_until: datetime | None


class RotationIn(Wire, kw_only=True, frozen=True):
    """How long the secret that is replaced signs beside the new one; 0 where it has become known to others."""

    overlap_hours: _Hours = 24.0


def new_endpoint(sent: WebhookIn, rule: AddressRule) -> NewEndpoint:
    """The row of an endpoint that events may go to; raises InvalidInput. It asks what the host's addresses are."""
    try:
        refuse_private(rule, sent.url)
    except AddressRefused as refused:
        raise InvalidInput((Problem(pointer="/url", detail=str(refused)),)) from None
    return NewEndpoint(
        url=sent.url,
        description=sent.description,
        events=None if sent.events is None else list(dict.fromkeys(sent.events)),
        envelope=sent.envelope,
        enabled=sent.enabled,
    )


def webhook_out(record: EndpointRecord) -> WebhookOut:
    return WebhookOut(
        id=record.id,
        url=record.url,
        description=record.description,
        # What is stored was read as these names.
        events=cast("list[EventName] | None", record.events),
        envelope=cast("Envelope", record.envelope),
        enabled=record.disabled_at is None,
        disabled_at=record.disabled_at,
        disabled_reason=record.disabled_reason,
        failing_since=record.failing_since,
        resting_until=record.resting_until,
        version=record.version,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )
