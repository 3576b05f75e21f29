"""How an endpoint fares, and which events it gets, in words."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from service.store.webhooks.endpoints import EndpointRecord
from service.web.views.webhooks import endpoint_state, events_words

NOW = datetime(2027, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("disabled_at", "failing_since", "state"),
    [(None, None, "active"), (None, NOW, "failing"), (NOW, None, "disabled"), (NOW, NOW, "disabled")],
)
def test_a_disabled_endpoint_is_disabled_however_it_fared(
    disabled_at: datetime | None, failing_since: datetime | None, state: str
) -> None:
    endpoint = EndpointRecord(
        id=uuid4(),
        url="https://example.com",
        description="",
        events=None,
        envelope="standard",
        disabled_at=disabled_at,
        disabled_reason=None if disabled_at is None else "its owner disabled it",
        failing_since=failing_since,
        resting_until=None,
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    assert endpoint_state(endpoint) == state


def test_no_list_of_events_is_every_event() -> None:
    assert events_words(None) == "every event"
    assert events_words(["forecast.failed", "price.changed"]) == "forecast.failed, price.changed"
