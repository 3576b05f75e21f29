"""Decoder presets and measured points over HTTP, and that a forecast of stored workloads sees the points."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from service.schemas.plan.plan import PlanIn
from tests.service.routes.api import Api, fleet, measurement, pointers, slug, workload

POINTS = "/v1/decoders/measurements"


def on_fleet(**changes: Any) -> dict[str, Any]:
    return workload(routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}], **changes)


def snapshot(api: Api, forecast_id: str) -> PlanIn:
    """The inputs that a forecast froze."""
    with api.database.tenant(api.workspace_id) as session:
        frozen = session.execute(text("SELECT snapshot FROM forecasts WHERE id = :id"), {"id": forecast_id})
        return msgspec.json.decode(frozen.scalar_one(), type=PlanIn)


@pytest.fixture
def with_fleet(api: Api) -> Api:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    return api


def test_every_preset_is_listed_with_what_it_assumes(api: Api) -> None:
    answer = api.get("/v1/decoders")
    assert answer.status_code == 200
    presets = {item["preset"]: item for item in answer.json()["items"]}
    assert {"none", "mtp-1", "ngram", "eagle3", "dflash", "dspark", "unsloth-mtp", "gemma-mtp"} <= set(presets)
    assert presets["eagle3"]["first_acceptance"] == {"low": 0.6, "mode": 0.75, "high": 0.88}
    assert presets["eagle3"]["num_speculative_tokens"] == 3
    assert presets["gemma-mtp"]["hardware_class"] == "consumer"
    flash = presets["dspark-v4-flash"]
    assert (flash["speedup_over"], flash["model_families"]) == ("mtp-1", ["deepseek-v4-flash"])
    assert flash["frontier"]["tokens_per_second_per_user"] == [73.8, 136.0]


def test_a_preset_is_read_by_its_name_and_again_only_when_the_catalogue_has_changed(api: Api) -> None:
    first = api.get("/v1/decoders/dspark-v4-pro")
    assert first.json()["frontier"]["model"] == "deepseek-v4-pro"
    assert api.get("/v1/decoders/dspark-v4-pro", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert api.get("/v1/decoders", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert api.get("/v1/decoders", headers={"If-None-Match": '"of another day"'}).status_code == 200


def test_an_unknown_preset_is_told_which_there_are(api: Api) -> None:
    refused = api.get("/v1/decoders/mtp-9")
    assert (refused.status_code, slug(refused)) == (404, "not-found")
    assert refused.json()["detail"].startswith("'mtp-9' is no decoder preset; there are none, headline, ngram, ")


def test_a_point_is_added_once_read_and_removed(with_fleet: Api) -> None:
    added = with_fleet.post(POINTS, json=measurement(source="our own run"))
    assert added.status_code == 201
    again = with_fleet.post(POINTS, json=measurement())
    assert (again.status_code, again.json()) == (200, added.json())
    location = added.headers["location"]
    assert with_fleet.get(location).json() == added.json()
    assert added.json().items() >= measurement(source="our own run").items()
    assert with_fleet("DELETE", location).status_code == 204
    assert with_fleet.get(location).status_code == 404
    assert with_fleet("DELETE", location).status_code == 404


def test_a_repeated_key_replays_the_first_answer(with_fleet: Api) -> None:
    headers = {"Idempotency-Key": "one"}
    first = with_fleet.post(POINTS, json=measurement(), headers=headers)
    replayed = with_fleet.post(POINTS, json=measurement(), headers=headers)
    assert (replayed.status_code, replayed.json()) == (201, first.json())
    assert replayed.headers["idempotent-replayed"] == "true"
    assert slug(with_fleet.post(POINTS, json=measurement(speedup=2), headers=headers)) == "idempotency-key-reused"


def test_points_are_listed_in_pages_and_by_fleet_and_method(with_fleet: Api) -> None:
    for concurrency in (1, 2, 3):
        with_fleet.post(POINTS, json=measurement(concurrency=concurrency))
    with_fleet.post(POINTS, json=measurement(method="dspark"))
    page = with_fleet.get(f"{POINTS}?limit=2&method=eagle3")
    following = with_fleet.get(page.links["next"]["url"])
    listed = [*page.json()["items"], *following.json()["items"]]
    assert [item["concurrency"] for item in listed] == [1, 2, 3]
    assert following.json()["next_cursor"] is None
    assert with_fleet.get(f"{POINTS}?fleet=elsewhere").json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"fleet": "elsewhere"}, "/fleet"),
        ({"method": "mtp-9"}, "/method"),
        ({"method": "dspark-v4-flash", "speedup_over": "mtp-1"}, "/method"),
        ({"concurrency": None}, "/concurrency"),
        ({"concurrency": 0.5}, "/concurrency"),
        ({"speedup": 0.01}, "/speedup"),
        ({"speedup": 1000}, "/speedup"),
        ({"acceptance_length": 2}, "/speedup"),
        ({"speedup": None}, ""),
        ({"speedup": None, "acceptance_length": 5}, "/acceptance_length"),
        ({"speedup": None, "acceptance_length": 0.5}, "/acceptance_length"),
        ({"num_speculative_tokens": 0}, "/num_speculative_tokens"),
        ({"num_speculative_tokens": 65}, "/num_speculative_tokens"),
        ({"measured_on": "2999-01-01"}, "/measured_on"),
        ({"measured_on": "2126-01-01"}, "/measured_on"),
    ],
)
def test_a_point_that_makes_no_sense_is_refused_by_its_field(
    with_fleet: Api, changes: dict[str, Any], pointer: str
) -> None:
    refused = with_fleet.post(POINTS, json=measurement(**changes))
    assert (refused.status_code, pointers(refused)) == (422, [pointer])
    assert with_fleet.get(POINTS).json()["items"] == []


def test_a_forecast_of_stored_workloads_freezes_the_points_of_their_fleets(with_fleet: Api) -> None:
    with_fleet.post("/v1/fleets", json=fleet("idle-pool"))
    with_fleet.post(POINTS, json=measurement())
    with_fleet.post(POINTS, json=measurement(fleet="idle-pool"))
    with_fleet.post("/v1/workloads", json=on_fleet())
    asked = with_fleet.post("/v1/forecasts", json={})
    assert asked.status_code == 202
    frozen = snapshot(with_fleet, asked.json()["id"]).measurements
    assert [(point.fleet, point.speedup) for point in frozen] == [("h100-pool", 1.4)]
    assert frozen[0].measured_on is not None
    with_fleet.work(asked.json()["id"])


def test_a_workload_posted_with_a_forecast_sees_the_points_too(with_fleet: Api) -> None:
    with_fleet.post(POINTS, json=measurement())
    asked = with_fleet.post("/v1/workloads", json=on_fleet(forecast={}))
    assert asked.status_code == 202
    assert len(snapshot(with_fleet, asked.json()["forecast"]["id"]).measurements) == 1


def test_a_point_that_is_stored_and_sent_counts_once(with_fleet: Api) -> None:
    with_fleet.post(POINTS, json=measurement())
    with_fleet.post("/v1/workloads", json=on_fleet())
    terms = {"measurements": [measurement(note="the same"), measurement(concurrency=64)]}
    asked = with_fleet.post("/v1/forecasts", json=terms)
    assert asked.status_code == 202
    frozen = snapshot(with_fleet, asked.json()["id"]).measurements
    assert [(point.concurrency, point.note) for point in frozen] == [(32, "the same"), (64, "")]


def test_a_point_that_no_longer_fits_its_fleet_is_told_at_the_workload_that_uses_it(with_fleet: Api) -> None:
    with_fleet.post("/v1/workloads", json=on_fleet())
    point = with_fleet.post(POINTS, json=measurement(method="dspark-v4-pro", speedup_over="mtp-1")).json()
    listed = with_fleet.get("/v1/fleets").json()["items"][0]
    changed = fleet(serves="qwen3-32b")
    assert with_fleet("PUT", f"/v1/fleets/{listed['id']}", json=changed, headers={"If-Match": "*"}).status_code == 200
    refused = with_fleet.post("/v1/forecasts", json={"workloads": ["chat"]})
    assert (refused.status_code, pointers(refused)) == (422, ["/workloads"])
    assert point["id"] in refused.json()["errors"][0]["detail"]


def test_applying_a_plan_stores_its_points_once_and_prunes_those_it_no_longer_has(api: Api) -> None:
    def changes(plan: dict[str, Any], query: str = "") -> list[tuple[str, str]]:
        applied = api.post(f"/v1/plans{query}", json=plan)
        assert applied.status_code in {200, 201}, applied.text
        found = [change for change in applied.json()["changes"] if change["resource"] == "measurement"]
        return [(change["name"], change["action"]) for change in found]

    plan = {"name": "estate", "fleets": [fleet()], "measurements": [measurement(), measurement(concurrency=64)]}
    first, second = "eagle3 on h100-pool at 32", "eagle3 on h100-pool at 64"
    assert changes(plan) == [(first, "created"), (second, "created")]
    assert changes(plan) == [(first, "unchanged"), (second, "unchanged")]
    fewer = {**plan, "measurements": [measurement()]}
    assert changes(fewer) == [(first, "unchanged")]
    assert changes(fewer, "?prune=true") == [(first, "unchanged"), (second, "deleted")]
    assert len(api.get(POINTS).json()["items"]) == 1


def test_a_fleet_can_run_on_stored_points_alone(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet(decoder={"preset": "measured"})).status_code == 201
    api.post("/v1/workloads", json=on_fleet())
    refused = api.post("/v1/forecasts", json={})
    assert (refused.status_code, pointers(refused)) == (422, ["/workloads"])
    assert "needs a measurement of this fleet" in refused.json()["errors"][0]["detail"]
    api.post(POINTS, json=measurement(concurrency=256, speedup=1.25))
    asked = api.post("/v1/forecasts", json={})
    assert asked.status_code == 202
    api.work(asked.json()["id"])
    [month, *_] = api.get(f"/v1/forecasts/{asked.json()['id']}").json()["fleets"][0]["months"]
    assert month["speedup"]["p10"] <= 1.25 <= month["speedup"]["p90"]
