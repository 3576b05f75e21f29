"""What the pages of webhooks say of an endpoint: how it fares, and which events it gets."""

from collections.abc import Sequence
from typing import Literal

from service.store.webhooks.endpoints import EndpointRecord

State = Literal["active", "failing", "disabled"]


def endpoint_state(endpoint: EndpointRecord) -> State:
    """`failing` is one that is sent to and whose last attempts came to nothing."""
    if endpoint.disabled_at is not None:
        return "disabled"
    return "active" if endpoint.failing_since is None else "failing"


def events_words(events: Sequence[str] | None) -> str:
    """The names of events; None is every one, those of later versions too."""
    return "every event" if events is None else ", ".join(events)
