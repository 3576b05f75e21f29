"""What becomes of an event at each kind of receiver, by a clock that the test moves."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from service.store.database import Database
from service.store.webhooks import deliveries, endpoints, secrets
from service.webhooks.answers import JITTER_FRACTION, MOST_ATTEMPTS, RETRY_AFTER_SECONDS
from service.webhooks.signing import new_secret
from tests.workers.receivers import Hooks, Receiver, closes_at_once, closes_half_way, receiver, status
from tests.workers.running import wait_until


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def hooks(database: Database, workspace_id: UUID) -> Hooks:
    return Hooks(database, workspace_id)


def test_an_event_reaches_every_endpoint_that_wants_it_and_no_other(hooks: Hooks, receiving: Receiver) -> None:
    hooks.endpoint(f"{receiving.url}/all")
    hooks.endpoint(f"{receiving.url}/forecasts", events=["forecast.completed", "forecast.failed"])
    hooks.endpoint(f"{receiving.url}/budgets", events=["budget.approved"])
    hooks.endpoint(f"{receiving.url}/off", enabled=False)
    hooks.announce("forecast/7")
    hooks.announce("forecast/8", "forecast.queued")
    hooks.deliver()
    assert {one.path for one in receiving.got} == {"/all", "/forecasts"}
    [got] = receiving.at("/all")
    assert got.headers["content-type"] == "application/json"
    assert msgspec.json.decode(got.body) == {
        "type": "forecast.completed",
        "timestamp": hooks.now.isoformat().replace("+00:00", "Z"),
        "data": {"id": "7", "href": "/v1/forecasts/7"},
    }
    assert {one.status for one in hooks.deliveries()} == {"delivered"}
    hooks.now += timedelta(days=9)
    assert hooks.deliver() == 0


def test_a_receiver_verifies_what_it_gets_with_the_published_library(hooks: Hooks, receiving: Receiver) -> None:
    endpoint = hooks.endpoint(f"{receiving.url}/hook")
    first = new_secret()
    second = new_secret()
    with hooks.database.tenant(hooks.workspace_id) as session:
        secrets.add(session, endpoint.id, first, old_until=hooks.now, now=hooks.now)
        secrets.add(session, endpoint.id, second, old_until=hooks.now + timedelta(hours=1), now=hooks.now)
    hooks.announce("forecast/1")
    hooks.deliver()
    [got] = receiving.got
    for secret in (first, second):
        assert Webhook(secret).verify(got.body, dict(got.headers))["type"] == "forecast.completed"
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    hooks.now += timedelta(hours=2)
    hooks.announce("forecast/2")
    hooks.deliver()
    assert len(receiving.got[-1].headers["webhook-signature"].split(" ")) == 1


def test_an_endpoint_that_asked_for_it_gets_cloud_events(hooks: Hooks, receiving: Receiver) -> None:
    hooks.endpoint(f"{receiving.url}/hook", envelope="cloudevents")
    hooks.announce("forecast/7")
    hooks.deliver()
    [got] = receiving.got
    assert got.headers["content-type"] == "application/cloudevents+json"
    assert msgspec.json.decode(got.body) == {
        "specversion": "1.0",
        "id": got.id,
        "source": f"/workspaces/{hooks.workspace_id}",
        "type": "forecast.completed",
        "subject": "forecast/7",
        "time": hooks.now.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"id": "7", "href": "/v1/forecasts/7"},
    }


@pytest.mark.parametrize(
    ("answer", "code", "error"),
    [
        (status(500, b"out of order"), 500, "the answer was 500"),
        (status(404), 404, "the answer was 404"),
        (status(302, Location="http://169.254.169.254/"), 302, "the answer was 302"),
        ("hangs", None, "no whole answer within 0.5 s"),
        (closes_half_way, 200, "the answer broke off"),
        (closes_at_once, None, "no answer"),
    ],
    ids=["500", "404", "redirects", "hangs", "closes half-way", "closes at once"],
)
def test_a_receiver_that_fails_is_asked_by_the_schedule_and_then_left_to_the_dead_letters(
    hooks: Hooks, receiving: Receiver, answer: Any, code: int | None, error: str
) -> None:
    receiving.answers["/hook"] = receiving.hangs if answer == "hangs" else answer
    endpoint = hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce()
    hooks.deliver()
    for number, wait in enumerate(RETRY_AFTER_SECONDS[1:], start=2):
        [delivery] = hooks.deliveries(status="pending")
        waits = (delivery.due_at - hooks.now).total_seconds()
        assert wait <= waits <= wait * (1 + JITTER_FRACTION)
        hooks.now = delivery.due_at - timedelta(seconds=0.001)
        assert hooks.deliver() == 0
        hooks.now = delivery.due_at
        assert hooks.deliver() == 1, f"attempt {number}"
    [dead] = hooks.deliveries(status="dead")
    attempts = hooks.attempts(dead)
    assert [one.number for one in attempts] == list(range(1, MOST_ATTEMPTS + 1))
    assert {one.status_code for one in attempts} == {code}
    assert all((one.error or "").startswith(error) for one in attempts)
    assert len(set(receiving.ids("/hook"))) == 1
    assert len(receiving.got) == MOST_ATTEMPTS
    hooks.now += timedelta(days=3)
    assert hooks.deliver() == 0
    assert hooks.get(endpoint).failing_since is not None


def test_a_dead_letter_that_is_replayed_arrives_under_its_first_id(hooks: Hooks, receiving: Receiver) -> None:
    receiving.answers["/hook"] = status(500)
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce()
    _until_dead(hooks)
    receiving.answers.clear()
    with hooks.database.tenant(hooks.workspace_id) as session:
        assert deliveries.replay_dead(session, endpoint_id=None, now=hooks.now) == 1
    hooks.deliver()
    [delivered] = hooks.deliveries()
    assert (delivered.status, delivered.attempts, delivered.failures) == ("delivered", MOST_ATTEMPTS + 1, 0)
    assert len(set(receiving.ids("/hook"))) == 1
    assert len({one.body for one in receiving.got}) == 1


def test_a_later_event_on_a_subject_waits_until_the_earlier_is_delivered(hooks: Hooks, receiving: Receiver) -> None:
    receiving.answers["/hook"] = status(500)
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.endpoint(f"{receiving.url}/other")
    for number in (1, 2):
        hooks.announce("budget/1", "budget.threshold_crossed", budget_id="1", number=number)
    hooks.announce("budget/2", "budget.threshold_crossed", budget_id="2", number=3)
    hooks.deliver()
    assert {one.data["number"] for one in receiving.at("/hook")} == {1, 3}
    assert {one.data["number"] for one in receiving.at("/other")} == {1, 2, 3}
    receiving.answers.clear()
    hooks.now += timedelta(seconds=6.1)
    hooks.deliver()
    of_first = [one.data["number"] for one in receiving.at("/hook") if one.data["budget_id"] == "1"]
    assert of_first == [1, 1, 2]


def test_a_later_event_on_a_subject_waits_until_the_earlier_is_dead(hooks: Hooks, receiving: Receiver) -> None:
    receiving.answers["/hook"] = lambda handler, got: status(500 if got.data["number"] == 1 else 204, b"")(handler, got)
    hooks.endpoint(f"{receiving.url}/hook")
    for number in (1, 2):
        hooks.announce("budget/1", "budget.threshold_crossed", budget_id="1", number=number)
    hooks.deliver()
    for _ in range(MOST_ATTEMPTS - 1):
        assert [one.data["number"] for one in receiving.got if one.data["number"] == 2] == []
        hooks.now += timedelta(days=2)
        hooks.deliver()
    assert [one.status for one in hooks.deliveries()] == ["dead", "delivered"]
    assert [one.data["number"] for one in receiving.got] == [1] * MOST_ATTEMPTS + [2]


def test_an_endpoint_that_is_gone_is_disabled_and_what_waits_for_it_is_dead(hooks: Hooks, receiving: Receiver) -> None:
    receiving.answers["/hook"] = status(410)
    endpoint = hooks.endpoint(f"{receiving.url}/hook")
    for _ in range(3):
        hooks.announce("budget/1", "budget.approved")
    hooks.deliver()
    gone = hooks.get(endpoint)
    assert (gone.disabled_at, gone.disabled_reason) == (hooks.now, endpoints.GONE)
    assert len(receiving.got) == 1
    with hooks.database.delivery() as session:
        deliveries.bury_disabled(session, now=hooks.now)
    assert [one.status for one in hooks.deliveries()] == ["dead"] * 3
    hooks.announce("forecast/2")
    hooks.deliver()
    assert len(hooks.deliveries()) == 3


@pytest.mark.parametrize("code", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("120", 120), ("Thu, 02 Dec 2027 06:10:00 GMT", 600), ("999999999999", 86_400)],
    ids=["seconds", "date", "beyond a day"],
)
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(
    hooks: Hooks, receiving: Receiver, code: int, asked: str, seconds: int
) -> None:
    hooks.now = datetime(2027, 12, 2, 6, tzinfo=UTC)
    receiving.answers["/hook"] = status(code, Retry_After=asked)
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce("forecast/1")
    hooks.deliver()
    receiving.answers.clear()
    hooks.announce("forecast/2")
    hooks.now += timedelta(seconds=seconds - 1)
    assert hooks.deliver() == 0
    hooks.now += timedelta(seconds=2)
    assert hooks.deliver() == 2


@pytest.mark.parametrize("asked", ["soon", "-5", "0", "Thu, 02 Dec 1999 06:10:00 GMT", "1e9", "\xb2"])
def test_a_retry_after_that_says_nothing_leaves_the_schedule_as_it_is(
    hooks: Hooks, receiving: Receiver, asked: str
) -> None:
    receiving.answers["/hook"] = status(503, Retry_After=asked)
    endpoint = hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce()
    hooks.deliver()
    [delivery] = hooks.deliveries()
    assert (delivery.due_at - hooks.now).total_seconds() <= 6
    assert hooks.get(endpoint).resting_until is None


def test_a_receiver_that_hangs_keeps_nobody_else_waiting(hooks: Hooks, receiving: Receiver) -> None:
    hooks.seconds_to_answer = 30
    receiving.answers["/hangs"] = receiving.hangs
    hanging = hooks.endpoint(f"{receiving.url}/hangs")
    for number in range(30):
        hooks.announce(f"forecast/{number}")
    for number in range(4):
        hooks.endpoint(f"{receiving.url}/well-{number}")
    with ThreadPoolExecutor(1) as pool:
        delivering = pool.submit(hooks.deliver)
        wait_until(lambda: all(len(receiving.at(f"/well-{number}")) == 30 for number in range(4)), "all others served")
        # Those that were sent at first hang still.
        assert not receiving.released.is_set()
        assert [one.status for one in hooks.deliveries(hanging)] == ["pending"] * 30
        assert len(receiving.at("/hangs")) <= 8
        receiving.released.set()
        delivering.result()


def test_a_name_server_that_is_silent_keeps_nobody_else_waiting(hooks: Hooks, receiving: Receiver) -> None:
    hooks.seconds_to_answer = 30
    asked: Counter[str] = Counter()

    def resolve(host: str, _port: int) -> list[str]:
        asked[host] += 1
        if host.endswith(".silent.example"):
            receiving.released.wait(60)
            raise OSError("no name server answers")
        return ["127.0.0.1"]

    hooks.resolve = resolve
    # More than the threads that asyncio has for everything.
    silent = [hooks.endpoint(f"http://{number}.silent.example/hook") for number in range(40)]
    well = hooks.endpoint(f"{receiving.url}/well")
    for number in range(20):
        hooks.announce(f"forecast/{number}")
    with ThreadPoolExecutor(1) as pool:
        delivering = pool.submit(hooks.deliver)
        wait_until(lambda: [one.status for one in hooks.deliveries(well)] == ["delivered"] * 20, "the other served")
        assert not receiving.released.is_set()
        assert {one.status for endpoint in silent for one in hooks.deliveries(endpoint)} == {"pending"}
        # However many events wait for a host, it is asked for once.
        assert {asked[f"{number}.silent.example"] for number in range(40)} == {1}
        receiving.released.set()
        delivering.result()
    assert hooks.deliveries(silent[0])[0].failures == 1


def test_an_attempt_that_breaks_here_counts_and_ends_in_the_dead_letters(hooks: Hooks, receiving: Receiver) -> None:
    def breaks(_host: str, _port: int) -> list[str]:
        raise RuntimeError("nobody expected this")

    hooks.resolve = breaks
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce()
    with capture_logs() as lines:
        _until_dead(hooks)
    [dead] = hooks.deliveries(status="dead")
    attempts = hooks.attempts(dead)
    assert [(one.number, one.status_code) for one in attempts] == [(n + 1, None) for n in range(MOST_ATTEMPTS)]
    assert {one.error for one in attempts} == {"the attempt failed here"}
    traces = [line["trace"] for line in lines if line["event"] == "delivery_attempt_broke"]
    assert len(traces) == MOST_ATTEMPTS
    assert all("nobody expected this" in trace for trace in traces)


def test_an_endpoint_is_never_sent_more_than_a_few_at_once(hooks: Hooks, receiving: Receiver) -> None:
    hooks.endpoint(f"{receiving.url}/hook")
    for number in range(200):
        hooks.announce(f"forecast/{number}")
    hooks.deliver()
    assert len(set(receiving.ids("/hook"))) == 200
    assert receiving.most_at_once["/hook"] <= 8


def test_only_the_first_bytes_of_an_answer_are_kept(hooks: Hooks, receiving: Receiver) -> None:
    receiving.answers["/hook"] = status(200, b"<script>\0\xff" + b"x" * 5_000_000)
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce()
    hooks.deliver()
    [delivery] = hooks.deliveries()
    [attempt] = hooks.attempts(delivery)
    assert delivery.status == "delivered"
    assert attempt.answer_begins is not None
    assert attempt.answer_begins.startswith("<script>\ufffd\ufffdxxx")
    assert len(attempt.answer_begins) == 1024


def test_an_event_too_large_for_a_receiver_is_left_to_its_resource(hooks: Hooks, receiving: Receiver) -> None:
    hooks.endpoint(f"{receiving.url}/hook")
    hooks.announce("budget/7", "budget.approved", name="x" * 30_000)
    hooks.deliver()
    [got] = receiving.got
    assert got.data == {"id": "7", "href": "/v1/budgets/7", "truncated": True}


def _until_dead(hooks: Hooks) -> None:
    while hooks.deliveries(status="pending") or not hooks.deliveries():
        hooks.deliver()
        hooks.now += timedelta(days=2)
