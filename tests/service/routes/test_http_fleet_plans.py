"""A fleet is planned of a plan that is sent along, or as it is stored."""

from typing import Any

from tests.service.routes.api import Api, fleet, pointers, slug, workload

PATH = "/v1/fleet-plans"


def routed(**changes: Any) -> dict[str, Any]:
    return workload("chat", routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}], **changes)


def plan(**fleet_changes: Any) -> dict[str, Any]:
    return {"workloads": [routed()], "fleets": [fleet(**fleet_changes)], "as_of": "2026-11-23", "draws": 64}


def test_a_plan_that_is_sent_along_is_planned_and_not_stored(api: Api) -> None:
    answer = api.post(PATH, json={"plan": plan(nodes=7), "fleet": "h100-pool"})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["given"]["nodes"] == 7
    assert float(document["recommended"]["effective"]["mean"]) <= float(document["given"]["effective"]["mean"])
    assert api.get("/v1/fleets").json()["items"] == []


def test_a_stored_fleet_is_planned_with_all_workloads_that_use_it(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet(nodes=3)).status_code == 201
    assert api.post("/v1/workloads", json=routed()).status_code == 201
    document = api.post(PATH, json={"fleet": "h100-pool", "policies": ["fixed"]}).json()
    assert document["given"]["nodes"] == 3
    assert [one["policy"] for one in document["by_policy"]] == ["fixed"]


def test_reading_is_enough_to_plan(api: Api) -> None:
    assert api.with_scopes("read").post(PATH, json={"plan": plan(), "fleet": "h100-pool"}).status_code == 200


def test_an_unknown_fleet_is_told_with_those_there_are(api: Api) -> None:
    sent = api.post(PATH, json={"plan": plan(), "fleet": "nobody's"})
    assert (sent.status_code, slug(sent), pointers(sent)) == (422, "invalid-input", ["/fleet"])
    assert "there are h100-pool" in sent.json()["errors"][0]["detail"]
    stored = api.post(PATH, json={"fleet": "h100-pool"})
    assert (stored.status_code, pointers(stored)) == (422, ["/fleet"])


def test_another_workspaces_fleet_is_unknown(api: Api, stranger: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    assert api.post("/v1/workloads", json=routed()).status_code == 201
    assert pointers(stranger.post(PATH, json={"fleet": "h100-pool"})) == ["/fleet"]


def test_each_bad_field_is_told_where_it_was_sent(api: Api) -> None:
    asked = {"plan": plan(), "fleet": "h100-pool", "max_unserved_probability": -1}
    assert pointers(api.post(PATH, json=asked)) == ["/max_unserved_probability"]
    wrong = {"plan": plan(scaling={"policy": "monthly", "lead_time_months": -1}), "fleet": "h100-pool"}
    assert pointers(api.post(PATH, json=wrong)) == ["/plan/fleets/0/scaling/lead_time_months"]


def test_a_repeated_request_with_a_key_is_answered_as_it_was_first(api: Api) -> None:
    asked = {"plan": plan(nodes=7), "fleet": "h100-pool"}
    first, again = (api.post(PATH, json=asked, headers={"Idempotency-Key": "once"}) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
