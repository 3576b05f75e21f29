"""Shapes of the API, of webhooks: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AttemptOut(TypedDict):
    """An answer, an error instead, or both where an answer broke off; `answer_begins` is text of a stranger's."""

    number: int
    began_at: str
    milliseconds: int
    status_code: int | None
    error: str | None
    answer_begins: str | None


class DeadLettersIn(TypedDict):
    """Whose dead letters to send again: one endpoint's, or those of all that are enabled."""

    webhook_id: NotRequired[str | None]


class DeadLettersReplayed(TypedDict):
    """How many dead letters are sent again."""

    replayed: int


class DeliveryOut(TypedDict):
    """`message_id` is the webhook-id that receivers see; `next_attempt_at` is the earliest, while it is pending."""

    id: str
    webhook_id: str
    message_id: str
    event: str
    subject: str
    status: Literal["dead", "delivered", "pending"]
    attempts: int
    next_attempt_at: str | None
    last_status_code: int | None
    last_error: str | None
    created_at: str
    finished_at: str | None


class DeliveryPage(TypedDict):
    """A page of deliveries."""

    items: list[DeliveryOut]
    next_cursor: str | None


class DeliveryWithLog(TypedDict):
    """A delivery with the body that every attempt sends, and the attempts so far, the first first."""

    delivery: DeliveryOut
    body: dict[str, Any]
    log: list[AttemptOut]


class RotationIn(TypedDict):
    """How long the secret that is replaced signs beside the new one; 0 where it has become known to others."""

    overlap_hours: NotRequired[float]


class WebhookIn(TypedDict):
    """Where events go and which: `events` null means every one there is, those of later versions too."""

    url: str
    description: NotRequired[str]
    events: NotRequired[
        list[
            Literal[
                "budget.approved",
                "budget.threshold_crossed",
                "forecast.completed",
                "forecast.failed",
                "price.changed",
                "schedule.skipped",
            ]
        ]
        | None
    ]
    envelope: NotRequired[Literal["cloudevents", "standard"]]
    enabled: NotRequired[bool]


class WebhookOut(TypedDict):
    """`failing_since` is since when no attempt succeeded, `resting_until` what its last Retry-After asked for."""

    id: str
    url: str
    description: str
    events: (
        list[
            Literal[
                "budget.approved",
                "budget.threshold_crossed",
                "forecast.completed",
                "forecast.failed",
                "price.changed",
                "schedule.skipped",
            ]
        ]
        | None
    )
    envelope: Literal["cloudevents", "standard"]
    enabled: bool
    disabled_at: str | None
    disabled_reason: str | None
    failing_since: str | None
    resting_until: str | None
    version: int
    created_at: str
    updated_at: str


class WebhookPage(TypedDict):
    """A page of endpoints."""

    items: list[WebhookOut]
    next_cursor: str | None


class WebhookSecret(TypedDict):
    """`secret` is null in the replay of an Idempotency-Key: what signs is not kept where answers are.

    The secret before it, if there was one, signs beside it until `previous_secret_until`.
    """

    webhook: WebhookOut
    secret: str | None
    previous_secret_until: str | None
