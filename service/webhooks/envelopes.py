"""The bytes of an event: `{type, timestamp, data}` of Standard Webhooks, or a CloudEvent 1.0 in structured mode."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from service.webhooks.events import message_id

Envelope = Literal["standard", "cloudevents"]

# Standard Webhooks recommends less than 20 kB.
MOST_BYTES: Final = 20_000
_JSON = "application/json"
_CLOUD_EVENT = "application/cloudevents+json"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event as any endpoint may get it; `subject` is a kind of resource and its id, as in `budget/0192...`."""

    id: UUID
    workspace_id: UUID
    name: str
    subject: str
    data: dict[str, Any]
    at: datetime


def enveloped(event: Event, envelope: str) -> tuple[str, bytes]:
    """The media type and the body. Data too large for an event is left to the resource that `href` names."""
    media_type, body = _written(event, event.data, envelope)
    if len(body) >= MOST_BYTES:
        short: dict[str, Any] = {name: event.data[name] for name in ("id", "href") if name in event.data}
        media_type, body = _written(event, {**short, "truncated": True}, envelope)
    return media_type, body


def _written(event: Event, data: dict[str, Any], envelope: str) -> tuple[str, bytes]:
    at = event.at.isoformat().replace("+00:00", "Z")
    if envelope == "cloudevents":
        document = {
            "specversion": "1.0",
            # An id is given out once in a workspace, so source and id together are unique.
            "id": message_id(event.id),
            "source": f"/workspaces/{event.workspace_id}",
            "type": event.name,
            "subject": event.subject,
            "time": at,
            "datacontenttype": _JSON,
            "data": data,
        }
        return _CLOUD_EVENT, msgspec.json.encode(document)
    return _JSON, msgspec.json.encode({"type": event.name, "timestamp": at, "data": data})
