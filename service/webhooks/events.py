"""The events that are offered: from a row of the outbox to what receivers read; docs/webhooks.md has examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

EventName = Literal[
    "forecast.completed",
    "forecast.failed",
    "budget.approved",
    "budget.threshold_crossed",
    "price.changed",
    "schedule.skipped",
]
EVENTS: Final[tuple[str, ...]] = get_args(EventName)
PING: Final = "webhook.test"

Data = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An event under the name that receivers know, and where what it is about can be read."""

    name: str
    href: Callable[[Data], str]


# By the name in the outbox; what is not here (a forecast that was queued) is news to nobody outside.
_OFFERED: Final[dict[str, Offered]] = {
    "forecast.succeeded": Offered(name="forecast.completed", href=lambda data: f"/v1/forecasts/{data['id']}"),
    "forecast.failed": Offered(name="forecast.failed", href=lambda data: f"/v1/forecasts/{data['id']}"),
    "budget.approved": Offered(name="budget.approved", href=lambda data: f"/v1/budgets/{data['id']}"),
    "budget.threshold_crossed": Offered(
        name="budget.threshold_crossed", href=lambda data: f"/v1/budgets/{data['budget_id']}"
    ),
    "price.changed": Offered(name="price.changed", href=lambda data: f"/v1/prices/{data['price_id']}"),
    "schedule.skipped": Offered(name="schedule.skipped", href=lambda data: f"/v1/schedules/{data['id']}"),
}


def offered_name(outbox_event: str) -> str | None:
    """The name under which receivers know it; None for what is not offered."""
    found = _OFFERED.get(outbox_event)
    return None if found is None else found.name


def receiver_data(outbox_event: str, data: Data) -> dict[str, Any]:
    """What the event says, with the address of the resource instead of its document."""
    return {**data, "href": _OFFERED[outbox_event].href(data)}


def message_id(event_id: UUID) -> str:
    """The webhook-id: one event's at every endpoint, in every attempt and every replay."""
    return f"msg_{event_id.hex}"
