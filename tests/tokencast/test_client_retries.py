"""What a client repeats when something fails, and what it never does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from tests.tokencast.operations import HELD
from tokencast.client import Client, Conflict, NotFound, Refused, Retries, Stale, Unfinished, Unreachable

OK = httpx.Response(200, json={"id": "r1", "name": "a field of today", "of_next_year": 1})
LOST = httpx.ReadError("the connection was reset")
REFUSED = httpx.ConnectError("connection refused")


def problem(status: int, slug: str = "some", **headers: str) -> httpx.Response:
    document = {
        "type": f"/problems/{slug}",
        "title": "No",
        "detail": "it is not so",
        "errors": [
            {"pointer": "/name", "detail": "is missing"},
            {"pointer": "", "parameter": "limit", "detail": "odd"},
        ],
    }
    return httpx.Response(status, json=document, headers={"content-type": "application/problem+json", **headers})


@contextmanager
def client_of(
    answers: Sequence[httpx.Response | Exception], retries: Retries | None = None
) -> Iterator[tuple[Client, list[httpx.Request], list[float]]]:
    """A client of a service that answers this in turn; what it was sent, and how long the client paused."""
    left, sent, paused = list(answers), [], []

    def service(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    transport = httpx.MockTransport(service)
    with Client("http://service", "key", retries=retries, sleep=paused.append, transport=transport) as client:
        yield client, sent, paused


def test_a_post_whose_answer_was_lost_is_repeated_under_the_same_key() -> None:
    with client_of([LOST, problem(409, "idempotency-key-busy"), OK]) as (client, sent, _):
        assert client.fleets.create({"name": "a"})["id"] == "r1"  # type: ignore[typeddict-item]
    assert len({request.headers["Idempotency-Key"] for request in sent}) == 1
    assert len({request.content for request in sent}) == 1


def test_every_post_has_a_key_of_its_own() -> None:
    with client_of([OK, OK]) as (client, sent, _):
        client.schedules.pause("r1")
        client.schedules.pause("r1")
    assert len({request.headers["Idempotency-Key"] for request in sent}) == 2


def test_a_change_whose_answer_was_lost_is_not_made_again() -> None:
    with client_of([LOST]) as (client, sent, _), pytest.raises(Unreachable):
        client.fleets.replace(HELD, {"name": "a"})
    assert len(sent) == 1
    with client_of([LOST]) as (client, sent, _), pytest.raises(Unreachable):
        client.fleets.delete(HELD)
    assert len(sent) == 1


@pytest.mark.parametrize("failure", [REFUSED, httpx.ConnectTimeout("late"), problem(503), problem(429)])
def test_a_change_that_was_not_made_is_tried_again(failure: httpx.Response | Exception) -> None:
    with client_of([failure, OK]) as (client, sent, _):
        client.fleets.replace(HELD, {"name": "a"})
    assert [request.headers["If-Match"] for request in sent] == ['"3"', '"3"']


@pytest.mark.parametrize("failure", [LOST, REFUSED, problem(502), problem(503), problem(504)])
def test_attempts_come_to_an_end(failure: httpx.Response | Exception) -> None:
    service = client_of([failure] * 3, Retries(attempts=3))
    with service as (client, sent, paused), pytest.raises((Unreachable, Refused)):
        client.workloads.get("r1")
    assert (len(sent), len(paused)) == (3, 2)


def test_pauses_grow_and_are_never_shorter_than_the_service_asks_for() -> None:
    with client_of([problem(503), LOST, problem(503, **{"Retry-After": "7"}), OK]) as (client, _, paused):
        client.workloads.get("r1")
    assert 0.18 < paused[0] < 0.32
    assert 0.37 < paused[1] < 0.63
    assert paused[2] == 7


def test_a_date_to_retry_after_is_understood() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True)
    with client_of([problem(503, **{"Retry-After": then}), OK]) as (client, _, paused):
        client.workloads.get("r1")
    assert 8 < paused[0] <= 10


def test_a_service_that_asks_for_too_long_a_pause_is_not_waited_for() -> None:
    with client_of([problem(503, **{"Retry-After": "3600"})]) as (client, _, paused), pytest.raises(Refused):
        client.workloads.get("r1")
    assert paused == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_a_refusal_is_final(status: int) -> None:
    with client_of([problem(status)]) as (client, sent, _), pytest.raises(Refused):
        client.workloads.create({"name": "a", "demand": {}, "routes": []})  # type: ignore[typeddict-item]
    assert len(sent) == 1


def test_an_answer_that_does_not_come_is_not_waited_for_twice() -> None:
    with client_of([httpx.ReadTimeout("")]) as (client, sent, _), pytest.raises(Unreachable, match="ReadTimeout"):
        client.workloads.get("r1")
    assert len(sent) == 1


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (409, Conflict), (412, Stale), (422, Refused)])
def test_a_problem_is_an_exception_with_its_fields(status: int, kind: type[Refused]) -> None:
    with client_of([problem(status)]) as (client, _, _), pytest.raises(kind) as caught:
        client.workloads.get("r1")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.type) == (status, "/problems/some")
    assert [(one.pointer, one.parameter, one.detail) for one in caught.value.problems] == [
        ("/name", None, "is missing"),
        ("", "limit", "odd"),
    ]
    assert str(caught.value) == "it is not so; /name: is missing; limit: odd"


@pytest.mark.parametrize("answer", [httpx.Response(200, text="<html>"), httpx.Response(404, text="<html>")])
def test_what_is_no_tokencast_service_is_called_so(answer: httpx.Response) -> None:
    with client_of([answer]) as (client, _, _), pytest.raises(Unreachable, match="no Tokencast service"):
        client.workloads.get("r1")


@pytest.mark.parametrize(
    ("url", "key"), [("localhost:8351", "k"), ("ftp://x", "k"), ("http://x", "k\n"), ("http://x", "ü")]
)
def test_an_address_or_key_that_can_be_none_is_refused_before_anything_is_sent(url: str, key: str) -> None:
    with pytest.raises((Unreachable, Refused)):
        Client(url, key)


def test_what_a_newer_service_adds_is_there() -> None:
    with client_of([OK]) as (client, _, _):
        assert client.workloads.get("r1")["of_next_year"] == 1  # type: ignore[typeddict-item]


def test_pages_are_asked_for_as_they_are_needed() -> None:
    pages = [
        httpx.Response(200, json={"items": [{"id": "a"}, {"id": "b"}], "next_cursor": "after b"}),
        httpx.Response(200, json={"items": [{"id": "c"}], "next_cursor": None}),
    ]
    with client_of(pages) as (client, sent, _):
        found = client.workloads.each(name="n")
        assert sent == []
        assert [next(found)["id"], next(found)["id"]] == ["a", "b"]
        assert len(sent) == 1
        assert [one["id"] for one in found] == ["c"]
    assert [request.url.params.get("cursor") for request in sent] == [None, "after b"]
    assert {request.url.params["name"] for request in sent} == {"n"}


def test_a_broken_stream_is_taken_up_after_the_last_event() -> None:
    begun = httpx.Response(200, text='id: a\ndata: {"status": "running"}\n\n: still here\n\nid: b\ndata: {"half')
    ended = httpx.Response(200, text='id: c\ndata: {"status": "succeeded"}\n\n')
    with client_of([begun, LOST, ended]) as (client, sent, _):
        assert [state["status"] for state in client.forecasts.follow("r1")] == ["running", "succeeded"]
    assert [request.headers.get("Last-Event-ID") for request in sent] == [None, "a", "a"]


def test_a_stream_that_never_comes_is_given_up() -> None:
    with client_of([REFUSED] * 99, Retries(attempts=1)) as (client, sent, _), pytest.raises(Unreachable):
        list(client.forecasts.follow("r1"))
    assert len(sent) == 6


def test_a_stream_that_ends_early_is_asked_for_again_as_long_as_the_forecast_runs() -> None:
    quiet = httpx.Response(200, text=": still here\n\n")
    ended = httpx.Response(200, text='id: c\ndata: {"status": "succeeded"}\n\n')
    with client_of([*[quiet] * 9, LOST, ended]) as (client, sent, _):
        assert [state["status"] for state in client.forecasts.follow("r1")] == ["succeeded"]
    assert len(sent) == 11


def test_a_forecast_that_takes_too_long_is_told_as_unfinished() -> None:
    running = httpx.Response(200, json={"status": "running", "progress_fraction": 0.25})
    with client_of([running] * 2) as (client, sent, _), pytest.raises(Unfinished, match="running, 25% done"):
        client.forecasts.wait("r1", seconds=0)
    assert sent[0].headers["Prefer"] == "wait=0"


def test_waiting_asks_again_until_the_forecast_is_finished() -> None:
    running = httpx.Response(200, json={"status": "running", "progress_fraction": 0.25})
    done = httpx.Response(200, json={"status": "failed", "progress_fraction": 0.3})
    with client_of([running, running, done]) as (client, sent, paused):
        assert client.forecasts.wait("r1", seconds=300)["status"] == "failed"
    assert {request.headers["Prefer"] for request in sent} == {"wait=60"}
    assert len(paused) == 2


def test_text_in_a_path_stays_one_step_of_it() -> None:
    with client_of([OK]) as (client, sent, _):
        client.export_profiles.get("a/../b?c=d#e")
    assert sent[0].url.raw_path == b"/v1/export-profiles/a%2F..%2Fb%3Fc%3Dd%23e"


def test_the_environment_names_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENCAST_URL", "http://service/")
    monkeypatch.delenv("TOKENCAST_API_KEY", raising=False)
    with pytest.raises(Unreachable, match="TOKENCAST_API_KEY is not set"):
        Client.from_environment()
    monkeypatch.setenv("TOKENCAST_API_KEY", "k")
    with Client.from_environment() as client:
        assert client.url == "http://service"
