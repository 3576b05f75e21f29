"""A line leads back to its inputs; a forecast computed again gives the same bytes, or says what differs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from service.forecasting.snapshot import MODEL_VERSION
from service.store import claims, forecasts
from service.store.tables import Forecasts
from tests.service.routes.api import NOBODY, Api, fleet, slug, workload
from tests.service.store import rows

PLAN = {
    "horizon": {"first_month": "2027-01", "months": 2},
    "outlooks": [{"outlook": "hold"}],
    "fleets": [fleet()],
    "workloads": [
        workload(),
        workload("batch", routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}]),
    ],
}


def _finished(api: Api) -> dict[str, Any]:
    made = api.post("/v1/forecasts", json={"plan": PLAN}).json()
    api.work(made["id"])
    return dict(api.get(f"/v1/forecasts/{made['id']}").json())


def test_a_usage_line_is_traced_to_its_workload_and_to_price_rows_that_give_its_unit_price(api: Api) -> None:
    forecast = _finished(api)
    [line] = [
        one
        for one in forecast["lines"]
        if (one["workload"], one["meter"], one["month"]) == ("chat", "output", "2027-01")
    ]
    traced = api.get(f"/v1/forecasts/{forecast['id']}/lines/{line['id']}").json()
    assert traced["line"] == line
    assert traced["method"]["name"] == "metered_usage"
    assert traced["workload"]["pointer"] == "/workloads/0"
    assert traced["workload"]["document"]["name"] == "chat"
    assert traced["fleet"] is None
    assert {row["row"]["meter"] for row in traced["prices"]} == {"output"}
    assert sum(row["share_fraction"] for row in traced["prices"]) == pytest.approx(1.0)
    # Prices hold, so the line's own unit price is the rows' rates by their shares, for a million tokens.
    expected = sum(1e6 * row["share_fraction"] * row["rate_per_unit"] for row in traced["prices"])
    assert float(line["unit_price"]) == pytest.approx(expected, rel=1e-6)
    assert (traced["outlook"]["name"], traced["outlook"]["pointer"]) == ("hold", "/outlooks/0")
    inputs = ("seed", "draws", "model_version", "inputs_sha256", "as_of")
    assert {name: traced["forecast"][name] for name in inputs} == {name: forecast[name] for name in inputs}


def test_a_fleets_line_is_traced_to_the_fleet_and_to_no_price_row(api: Api) -> None:
    forecast = _finished(api)
    [line] = [one for one in forecast["lines"] if (one["meter"], one["month"]) == ("idle", "2027-02")]
    traced = api.get(f"/v1/forecasts/{forecast['id']}/lines/{line['id']}").json()
    assert traced["method"]["name"] == "fleet_cost"
    assert (traced["fleet"]["pointer"], traced["fleet"]["document"]["name"]) == ("/fleets/0", "h100-pool")
    assert (traced["workload"], traced["prices"], traced["outlook"]) == (None, [], None)


def test_every_line_of_a_forecast_can_be_traced(api: Api) -> None:
    forecast = _finished(api)
    for line in forecast["lines"]:
        assert api.get(f"/v1/forecasts/{forecast['id']}/lines/{line['id']}").json()["line"] == line


@pytest.mark.parametrize("line", ["99999", "-1", "x", "0x1", "1" * 40])
def test_a_line_that_is_not_there_is_not_found(api: Api, line: str) -> None:
    forecast = _finished(api)
    assert slug(api.get(f"/v1/forecasts/{forecast['id']}/lines/{line}")) == "not-found"


def test_a_replay_gives_the_same_bytes(api: Api) -> None:
    forecast = _finished(api)
    asked = api.post(f"/v1/forecasts/{forecast['id']}/replay")
    assert (asked.status_code, asked.headers["retry-after"]) == (202, "1")
    assert (asked.json()["status"], asked.json()["identical"]) == ("queued", None)
    api.work(asked.json()["id"])
    found = api.get(asked.headers["location"]).json()
    assert (found["status"], found["identical"], found["document_identical"]) == ("succeeded", True, True)
    assert (found["differing_lines"], found["differing_versions"]) == (0, [])
    assert found["inputs_sha256"] == forecast["inputs_sha256"]


def test_a_replay_is_no_forecast_of_the_list(api: Api) -> None:
    forecast = _finished(api)
    api.post(f"/v1/forecasts/{forecast['id']}/replay")
    assert [one["id"] for one in api.get("/v1/forecasts").json()["items"]] == [forecast["id"]]


def test_a_replay_says_which_version_differs_and_how_many_lines(api: Api) -> None:
    forecast = _finished(api)
    now = datetime.now(UTC)
    with api.database.tenant(api.workspace_id) as session:
        snapshot = forecasts.get_snapshot(session, UUID(forecast["id"]))
        older = forecasts.add_queued(
            session,
            snapshot=snapshot,
            inputs_sha256=forecast["inputs_sha256"],
            as_of=now.date(),
            seed=0,
            draws=4096,
            model_version="0.0.1+" + MODEL_VERSION.partition("+")[2],
            currency="USD",
            requested_by="key:test",
            now=now,
        )
    token = uuid4()
    with api.database.system() as session:
        claims.claim(session, older, workspace_id=api.workspace_id, token=token, lease_seconds=9, now=now)
    with api.database.tenant(api.workspace_id) as session:
        given = rows.result(lines=[rows.line(), rows.line(billed=Decimal("1.00"))])
        assert claims.succeed(session, older, token=token, result=given, now=now) == "ok"
    asked = api.post(f"/v1/forecasts/{older}/replay")
    api.work(asked.json()["id"])
    found = api.get(asked.headers["location"]).json()
    assert (found["identical"], found["document_identical"]) == (False, False)
    # None of the lines given above is one that the plan has.
    assert found["differing_lines"] == len(forecast["lines"])
    package = MODEL_VERSION.partition("+")[0]
    assert found["differing_versions"] == [{"part": "package", "forecast": "0.0.1", "replay": package}]


def test_what_has_no_budget_cannot_be_replayed(api: Api) -> None:
    queued = api.post("/v1/forecasts", json={"plan": PLAN}).json()
    assert slug(api.post(f"/v1/forecasts/{queued['id']}/replay")) == "no-budget"


def test_a_replay_of_another_forecast_is_not_found(api: Api) -> None:
    one, other = _finished(api), _finished(api)
    replay = api.post(f"/v1/forecasts/{one['id']}/replay").json()["id"]
    assert slug(api.get(f"/v1/forecasts/{other['id']}/replays/{replay}")) == "not-found"
    assert slug(api.get(f"/v1/forecasts/{one['id']}/replays/{NOBODY}")) == "not-found"


def test_a_client_that_prefers_to_wait_gets_the_finished_replay(api: Api) -> None:
    forecast = _finished(api)
    with _worker(api):
        answer = api.post(f"/v1/forecasts/{forecast['id']}/replay", headers={"Prefer": "wait=20"})
        later = api.post(f"/v1/forecasts/{forecast['id']}/replay")
        looked = api.get(later.headers["location"], headers={"Prefer": "wait=20"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (201, "wait=20")
    assert answer.json()["identical"] is True
    assert api.get(answer.headers["location"]).json() == answer.json()
    assert (looked.status_code, looked.json()["identical"]) == (200, True)
    assert "immutable" in looked.headers["cache-control"]


@contextmanager
def _worker(api: Api) -> Iterator[None]:
    """Computes whatever the workspace has queued, replays too, until the block ends."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.02):
            with api.database.tenant(api.workspace_id) as session:
                queued = session.execute(select(Forecasts.id).where(Forecasts.status == "queued")).scalars().all()
            for forecast_id in queued:
                api.work(str(forecast_id))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
