"""Whether a key still opens anything, and for how long a new one may."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.store.keys import KeyRecord
from service.web.views.keys import expiries, key_state

NOW = datetime(2027, 1, 15, 9, 30, 12, 345, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "state"),
    [
        (None, None, "active"),
        (AFTER, None, "active"),
        (NOW, None, "expired"),
        (BEFORE, None, "expired"),
        (BEFORE, BEFORE, "revoked"),
        (None, BEFORE, "revoked"),
    ],
)
def test_a_key_is_revoked_before_it_is_expired(
    expires_at: datetime | None, revoked_at: datetime | None, state: str
) -> None:
    key = KeyRecord(uuid4(), uuid4(), "ci", "abc", ["read"], BEFORE, None, expires_at, revoked_at)
    assert key_state(key, NOW) == state


def test_the_ends_that_are_offered_are_whole_seconds_in_the_future() -> None:
    offered = expiries(NOW)
    assert offered[0] == ("2027-02-14T09:30:12+00:00", "in 30 days, 2027-02-14")
    assert all(datetime.fromisoformat(end) > NOW for end, _ in offered)
