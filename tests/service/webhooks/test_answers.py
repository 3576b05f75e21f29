"""What an answer means for a delivery, status by status."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.webhooks.answers import MOST_ATTEMPTS, RETRY_AFTER_SECONDS, rest_asked_for, verdict_on

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)


def test_the_schedule_is_the_published_one() -> None:
    hours = [f"{seconds / 3600:g}" for seconds in RETRY_AFTER_SECONDS[3:]]
    assert RETRY_AFTER_SECONDS[:3] == (0, 5, 300)
    assert hours == ["0.5", "2", "5", "10", "14", "20", "24"]


@given(status=st.integers(200, 299), failures=st.integers(0, 9))
def test_every_status_in_the_two_hundreds_is_delivered(status: int, failures: int) -> None:
    assert verdict_on(status, None, whole=True, failures=failures, now=NOW).status == "delivered"


@given(
    status=st.none() | st.integers(100, 199) | st.integers(300, 599).filter(lambda status: status != 410),
    retry_after=st.none() | st.text() | st.integers().map(str),
    failures=st.integers(0, 9),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_every_other_answer_is_tried_again_until_the_last(
    status: int | None, retry_after: str | None, failures: int, chance: float
) -> None:
    verdict = verdict_on(status, retry_after, whole=True, failures=failures, now=NOW, chance=lambda: chance)
    if failures + 1 == MOST_ATTEMPTS:
        assert verdict.status == "dead"
        return
    assert verdict.status == "pending"
    wait = (verdict.due_at - NOW).total_seconds()
    least = RETRY_AFTER_SECONDS[failures + 1]
    assert least <= wait <= max(1.2 * least, 86_400)


def test_an_answer_that_broke_off_is_no_delivery() -> None:
    assert verdict_on(200, None, whole=False, failures=0, now=NOW).status == "pending"


def test_gone_is_never_asked_again() -> None:
    verdict = verdict_on(410, "5", whole=True, failures=0, now=NOW)
    assert (verdict.status, verdict.gone) == ("dead", True)


@pytest.mark.parametrize("status", [400, 401, 404, 408, 500])
def test_a_retry_after_beside_another_status_changes_nothing(status: int) -> None:
    verdict = verdict_on(status, "3600", whole=True, failures=0, now=NOW, chance=lambda: 0.0)
    assert verdict.due_at == NOW + timedelta(seconds=5)
    assert verdict.resting_until is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("Tue, 01 Dec 2026 06:02:00 GMT", 120),
        ("Tuesday, 01-Dec-26 06:02:00 GMT", 120),
        ("Tue Dec  1 06:02:00 2026", 120),
        ("Wed, 02 Dec 2099 06:00:00 GMT", 86_400),
    ],
)
def test_seconds_and_dates_are_read_and_bounded(text: str, seconds: int) -> None:
    assert rest_asked_for(text, now=NOW) == timedelta(seconds=seconds)


@given(st.text())
def test_no_retry_after_breaks_anything(text: str) -> None:
    found = rest_asked_for(text, now=NOW)
    assert found is None or timedelta(0) < found <= timedelta(days=1)
