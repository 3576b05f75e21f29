"""How an endpoint fares, and which events it gets, in words."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from service.store.webhooks.endpoints import EndpointRecord
from service.web.views.webhooks import endpoint_state, events_words, receivers_guide, wait_words
from service.webhooks.answers import MOST_ATTEMPTS
from service.webhooks.events import EVENTS
from service.webhooks.signing import new_secret, signed_headers

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


def test_the_guide_has_every_event_header_and_attempt() -> None:
    guide = receivers_guide()
    assert [name for name, _ in guide.events] == list(EVENTS)
    assert [name for name, _ in guide.headers] == list(signed_headers(uuid4(), b"{}", [new_secret()], at=NOW))
    assert len(guide.waits) == MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0, "at once"), (5.0, "5 s"), (90.0, "90 s"), (300.0, "5 min"), (50400.0, "14 h")]
)
def test_a_wait_is_said_in_the_largest_unit_that_divides_it(seconds: float, said: str) -> None:
    assert wait_words(seconds) == said
