"""The main job: a posted workload gets its annual budget, polled for, waited for or streamed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from service.protocol.waiting import POLL_SECONDS
from service.store import forecasts
from tests.service.routes.api import NOBODY, Api, fleet, pointers, slug, workload


@contextmanager
def worker(api: Api) -> Iterator[None]:
    """Computes whatever the workspace has queued, until the block ends."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.02):
            with api.database.tenant(api.workspace_id) as session:
                queued, _ = forecasts.page(session, after=None, limit=10, status="queued")
            for record in queued:
                api.work(str(record.id))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def finished(api: Api, **changes: Any) -> str:
    """The address of a finished forecast."""
    accepted = api.post("/v1/workloads", json=workload(forecast={}, **changes))
    api.work(accepted.json()["forecast"]["id"])
    return str(accepted.headers["location"])


def test_a_workload_with_a_forecast_is_accepted_and_its_budget_is_found_at_location(api: Api) -> None:
    accepted = api.post("/v1/workloads", json=workload(forecast={"seed": 7, "draws": 256}))
    assert accepted.status_code == 202
    assert int(accepted.headers["retry-after"]) >= 1
    body = accepted.json()
    assert accepted.headers["location"] == f"/v1/forecasts/{body['forecast']['id']}"
    assert (body["workload"]["name"], body["forecast"]["status"]) == ("chat", "queued")
    assert "forecast" not in api.get(f"/v1/workloads/{body['workload']['id']}").json()

    waiting = api.get(accepted.headers["location"])
    assert (waiting.status_code, waiting.json()["status"]) == (200, "queued")
    assert waiting.json() == body["forecast"]
    assert "etag" not in waiting.headers

    api.work(body["forecast"]["id"])
    done = api.get(accepted.headers["location"]).json()
    assert done["status"] == "succeeded"
    assert (done["seed"], done["draws"], done["progress_fraction"]) == (7, 256, 1.0)
    assert len(done["monthly"]) == 12
    assert Decimal(done["total"]["effective"]["mean"]) > 0
    assert sum(Decimal(line["effective"]) for line in done["lines"]) == Decimal(done["total"]["effective"]["mean"])


def test_a_client_that_prefers_to_wait_gets_the_finished_forecast(api: Api) -> None:
    with worker(api):
        answer = api.post("/v1/workloads", json=workload(forecast={}), headers={"Prefer": "wait=20"})
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "wait=20"
    body = answer.json()
    assert body["forecast"]["status"] == "succeeded"
    assert api.get(answer.headers["location"]).json() == body["forecast"]


def test_waiting_is_told_of_the_end_and_does_not_poll_for_it(api: Api) -> None:
    with worker(api):
        answers = [
            api.post("/v1/forecasts", json={"plan": {"workloads": [workload()]}}, headers={"Prefer": "wait=20"})
            for _ in range(4)
        ]
    assert [answer.status_code for answer in answers] == [201] * 4
    # Polling alone looks again after two seconds, so the quickest answer shows that it was told.
    assert min(answer.elapsed.total_seconds() for answer in answers) < POLL_SECONDS * 0.75


def test_a_client_whose_patience_ends_first_is_told_where_to_look(api: Api) -> None:
    answer = api.post("/v1/workloads", json=workload(forecast={}), headers={"Prefer": "respond-async, wait=0"})
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize("wait", ["wait=-1", "wait=soon", "wait=1.5", "wait"])
def test_a_time_to_wait_that_is_no_number_is_refused(api: Api, wait: str) -> None:
    refused = api.post("/v1/forecasts", json={}, headers={"Prefer": wait})
    assert (refused.status_code, slug(refused)) == (400, "invalid-header")


def test_a_repetition_gets_the_finished_forecast_that_the_first_was_answered_with(api: Api) -> None:
    headers = {"Prefer": "wait=20", "Idempotency-Key": "once"}
    with worker(api):
        first = api.post("/v1/workloads", json=workload(forecast={}), headers=headers)
        second = api.post("/v1/workloads", json=workload(forecast={}), headers=headers)
    assert first.json()["forecast"]["status"] == "succeeded"
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["idempotent-replayed"] == "true"


def test_a_finished_forecast_never_changes_and_may_be_kept(api: Api) -> None:
    location = finished(api)
    first = api.get(location)
    assert "immutable" in first.headers["cache-control"]
    assert "private" in first.headers["cache-control"]
    held = api.get(location, headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    api("DELETE", f"/v1/workloads/{api.get('/v1/workloads').json()['items'][0]['id']}", headers={"If-Match": "*"})
    assert api.get(location).content == first.content


def test_lines_come_page_by_page_and_are_those_of_the_whole(api: Api) -> None:
    location = finished(api)
    whole = api.get(location).json()["lines"]
    assert len(whole) == 24
    paged, url = [], f"{location}/lines?limit=7"
    while url:
        page = api.get(url)
        paged += page.json()["items"]
        url = page.links.get("next", {}).get("url", "")
    assert paged == whole
    assert api.get(f"{location}/lines?cursor=LTE").status_code == 400


def test_a_forecast_by_names_covers_those_workloads_and_their_fleets(api: Api) -> None:
    api.post("/v1/fleets", json=fleet())
    routes = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]
    api.post("/v1/workloads", json=workload("own", routes=routes))
    api.post("/v1/workloads", json=workload("bought"))
    named = api.post("/v1/forecasts", json={"workloads": ["own"], "horizon": {"first_month": "2027-01", "months": 3}})
    assert named.status_code == 202
    api.work(named.json()["id"])
    done = api.get(named.headers["location"]).json()
    assert [one["name"] for one in done["workloads"]] == ["own"]
    assert [one["name"] for one in done["fleets"]] == ["h100-pool"]
    assert done["horizon"] == {"first_month": "2027-01", "months": 3}
    everything = api.post("/v1/forecasts", json={})
    api.work(everything.json()["id"])
    assert len(api.get(everything.headers["location"]).json()["workloads"]) == 2


def test_a_whole_plan_is_forecast_without_being_stored(api: Api) -> None:
    plan = {"name": "trial", "fleets": [fleet()], "workloads": [workload()]}
    accepted = api.post("/v1/forecasts", json={"plan": plan})
    assert accepted.status_code == 202
    for path in ("/v1/plans", "/v1/fleets", "/v1/workloads"):
        assert api.get(path).json()["items"] == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, ["/workloads"]),
        ({"workloads": ["none", "chat", "chat"]}, ["/workloads/0", "/workloads/2"]),
        ({"workloads": ["chat"], "horizon": {"first_month": "2027-01", "months": 99}}, ["/horizon/months"]),
        ({"plan": {"workloads": [workload("a"), workload("a")]}}, ["/plan/workloads/1/name"]),
        ({"plan": {"workloads": []}, "workloads": ["chat"], "seed": 4}, ["/seed", "/workloads"]),
    ],
)
def test_a_request_that_makes_no_sense_points_into_itself(api: Api, sent: dict[str, Any], expected: list[str]) -> None:
    if sent:
        api.post("/v1/workloads", json=workload())
    refused = api.post("/v1/forecasts", json=sent)
    assert (refused.status_code, sorted(pointers(refused))) == (422, expected)
    assert api.get("/v1/forecasts").json()["items"] == []


def test_forecasts_are_listed_newest_first_and_by_status(api: Api) -> None:
    location = finished(api)
    newer = api.post("/v1/forecasts", json={}).json()["id"]
    listed = api.get("/v1/forecasts").json()["items"]
    assert [one["id"] for one in listed] == [newer, location.rpartition("/")[2]]
    assert "lines" not in listed[1]
    assert [one["id"] for one in api.get("/v1/forecasts?status=queued").json()["items"]] == [newer]
    assert api.get("/v1/forecasts?status=lost").status_code == 400


def test_a_queued_forecast_is_cancelled_at_once_and_a_finished_one_not_at_all(api: Api) -> None:
    queued = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    cancelled = api.post(f"{queued}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert api.post(f"{queued}/cancel").json() == cancelled.json()
    assert api.get(queued).json()["status"] == "cancelled"
    refused = api.post(f"{finished(api, name='other')}/cancel")
    assert (refused.status_code, slug(refused)) == (409, "already-finished")
    assert api.post(f"/v1/forecasts/{NOBODY}/cancel").status_code == 404


def _events(text: str) -> list[dict[str, Any]]:
    events = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in block.split("\n") if not line.startswith(":"))
        if "data" in fields:
            events.append({**fields, "data": json.loads(fields["data"])})
    return events


def test_a_stream_tells_each_state_and_ends_with_the_forecast(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    with worker(api):
        streamed = api.get(f"{location}/events")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    events = _events(streamed.text)
    assert events[-1]["event"] == "finished"
    assert events[-1]["data"]["status"] == "succeeded"
    assert all(event["event"] == "progress" for event in events[:-1])
    assert len({event["id"] for event in events}) == len(events)


def test_a_stream_that_broke_goes_on_after_the_last_event(api: Api) -> None:
    location = finished(api)
    [last] = _events(api.get(f"{location}/events", headers={"Last-Event-ID": "running-0.5000"}).text)
    assert last["event"] == "finished"
    over = api.get(f"{location}/events", headers={"Last-Event-ID": last["id"]})
    assert (over.status_code, over.content) == (204, b"")
    assert api.get(f"/v1/forecasts/{NOBODY}/events").status_code == 404
