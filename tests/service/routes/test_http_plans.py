"""Plans are applied whole or not at all, and again without effect; prices are only ever added."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from tests.service.routes.api import MODEL, Api, fleet, pointers, price, slug, workload

EXAMPLES = Path(__file__).parents[3] / "examples"
ON_FLEET = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]


def plan(**changes: Any) -> dict[str, Any]:
    return {
        "name": "estate",
        "fleets": [fleet()],
        "workloads": [workload("own", routes=ON_FLEET), workload("bought")],
        "prices": [price()],
        **changes,
    }


def actions(answer: Any) -> dict[tuple[str, str], str]:
    return {(change["resource"], change["name"]): change["action"] for change in answer.json()["changes"]}


def stored(api: Api) -> dict[str, list[str]]:
    names = {kind: [one["name"] for one in api.get(f"/v1/{kind}").json()["items"]] for kind in ("fleets", "workloads")}
    return {**names, "prices": [one["model"] for one in api.get("/v1/prices?provider=acme").json()["items"]]}


def test_a_plan_creates_what_it_declares_and_again_changes_nothing(api: Api) -> None:
    first = api.post("/v1/plans", json=plan())
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    assert actions(first) == {
        ("plan", "estate"): "created",
        ("price", "acme/acme-1 output from 2026-01-01T00:00Z"): "created",
        ("fleet", "h100-pool"): "created",
        ("workload", "own"): "created",
        ("workload", "bought"): "created",
    }
    second = api.post("/v1/plans", json=plan())
    assert (second.status_code, second.headers["etag"]) == (200, '"1"')
    assert set(actions(second).values()) == {"unchanged"}
    assert stored(api) == {"fleets": ["h100-pool"], "workloads": ["own", "bought"], "prices": ["acme-1"]}
    assert api.get(first.headers["location"]).json()["workloads"][0]["name"] == "own"
    assert api.get("/v1/workloads").json()["items"][0]["plan_id"] == first.json()["plan"]["id"]


def test_a_dry_run_shows_what_would_happen_and_leaves_no_trace(api: Api) -> None:
    trial = api.post("/v1/plans?dry_run=true", json=plan(), headers={"Idempotency-Key": "trial"})
    assert (trial.status_code, trial.json()["dry_run"], trial.json()["plan"]) == (200, True, None)
    assert set(actions(trial).values()) == {"created"}
    assert stored(api) == {"fleets": [], "workloads": [], "prices": []}
    assert api.get("/v1/plans").json()["items"] == []
    real = api.post("/v1/plans", json=plan())
    assert actions(real) == actions(trial)
    again = api.post("/v1/plans?dry_run=true&prune=true", json=plan(workloads=[workload("bought")]))
    assert again.json()["plan"] == real.json()["plan"]
    assert actions(again)["workload", "own"] == "deleted"
    assert stored(api)["workloads"] == ["own", "bought"]


def test_only_pruning_deletes_and_only_what_the_same_plan_brought(api: Api) -> None:
    api.post("/v1/workloads", json=workload("by hand"))
    api.post("/v1/plans", json=plan(name="other", fleets=[], workloads=[workload("of another plan")], prices=[]))
    api.post("/v1/plans", json=plan())
    smaller = plan(fleets=[], workloads=[workload("bought")])
    kept = api.post("/v1/plans", json=smaller)
    assert "deleted" not in actions(kept).values()
    assert "own" in stored(api)["workloads"]
    pruned = api.post("/v1/plans?prune=true", json=smaller)
    assert {what for what, action in actions(pruned).items() if action == "deleted"} == {
        ("workload", "own"),
        ("fleet", "h100-pool"),
    }
    assert stored(api) == {
        "fleets": [],
        "workloads": ["by hand", "of another plan", "bought"],
        "prices": ["acme-1"],
    }


def test_a_fleet_that_others_use_is_not_pruned_and_nothing_else_happens(api: Api) -> None:
    api.post("/v1/plans", json=plan())
    api.post("/v1/workloads", json=workload("by hand", routes=ON_FLEET))
    refused = api.post("/v1/plans?prune=true", json=plan(fleets=[], workloads=[workload("new")]))
    assert (refused.status_code, slug(refused)) == (409, "still-referenced")
    assert stored(api)["workloads"] == ["own", "bought", "by hand"]


@pytest.mark.parametrize(
    ("changes", "status", "expected"),
    [
        (
            {"workloads": [workload("a"), workload("b", routes=[{"to": [{"model": MODEL, "share": 0.4}]}])]},
            422,
            ["/workloads/1/routes/0/to"],
        ),
        (
            {"workloads": [workload("a", routes=[{"to": [{"fleet": "gone", "share": 1}]}])]},
            422,
            ["/workloads/0/routes/0/to/0/fleet"],
        ),
        ({"workloads": [workload("a"), workload("a")]}, 422, ["/workloads/1/name"]),
        ({"fleets": [fleet(nodes=-1)], "prices": [price(rate="-3")]}, 422, ["/fleets/0/nodes", "/prices/0/rate"]),
        ({"horizon": {"first_month": "2027-01", "months": 61}, "colour": 1}, 400, ["/colour"]),
        ({"fleets": [{**fleet(), "cost": {"kind": "stolen"}}]}, 400, ["/fleets/0/cost/kind"]),
    ],
)
def test_a_plan_with_anything_wrong_is_not_applied_at_all(
    api: Api, changes: dict[str, Any], status: int, expected: list[str]
) -> None:
    refused = api.post("/v1/plans", json=plan(**changes))
    assert (refused.status_code, sorted(pointers(refused))) == (status, expected)
    assert stored(api) == {"fleets": [], "workloads": [], "prices": []}


def test_a_plan_is_replaced_under_a_condition_and_forgotten_without_its_estate(api: Api) -> None:
    location = api.post("/v1/plans", json=plan()).headers["location"]
    assert api("PUT", location, json=plan()).status_code == 428
    assert api("PUT", location, json=plan(), headers={"If-Match": '"9"'}).status_code == 412
    trial = api("PUT", f"{location}?dry_run=true", json=plan(seed=1), headers={"If-Match": '"1"'})
    assert (trial.status_code, trial.json()["plan"]["version"]) == (200, 1)
    changed = api("PUT", location, json=plan(seed=1), headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert api.get(location).json()["seed"] == 1
    assert api("DELETE", location, headers={"If-Match": '"1"'}).status_code == 412
    assert api("DELETE", location, headers={"If-Match": '"2"'}).status_code == 204
    assert stored(api)["workloads"] == ["own", "bought"]
    assert api.get("/v1/workloads").json()["items"][0]["plan_id"] is None


@pytest.mark.parametrize("name", ["article.yaml", "acme.yaml", "hardware.yaml"])
def test_the_examples_are_applied_and_forecast_as_they_are(api: Api, name: str) -> None:
    document = yaml.safe_load((EXAMPLES / name).read_text())
    as_json = {"headers": {"Content-Type": "application/json"}}
    applied = api.post("/v1/plans", content=msgspec.json.encode(document), **as_json)
    assert applied.status_code == 201, applied.text
    asked = api.post("/v1/forecasts", content=msgspec.json.encode({"plan": document}), **as_json)
    assert asked.status_code == 202, asked.text


def test_a_price_is_added_once_and_read_back_to_the_digit(api: Api) -> None:
    first = api.post("/v1/prices", json=price(rate="0.123456789"))
    assert first.status_code == 201
    assert first.json()["rate"] == "0.123456789"
    assert api.get(first.headers["location"]).json() == first.json()
    again = api.post("/v1/prices", json=price(rate="0.1234567890"))
    assert (again.status_code, again.headers["location"]) == (200, first.headers["location"])


def test_prices_are_added_in_bulk_and_those_known_are_left_alone(api: Api) -> None:
    api.post("/v1/prices", json=price())
    added = api.post("/v1/prices", json=[price(), price(meter="input"), price(model="acme-2")])
    assert (added.status_code, added.json()) == (201, {"inserted": 2, "duplicates": 1})
    found = api.get("/v1/prices?provider=acme&model=acme-1&meter=input").json()["items"]
    assert [(one["model"], one["meter"], one["packaged"]) for one in found] == [("acme-1", "input", False)]


def test_the_packaged_catalogue_is_listed_beside_ones_own_prices(api: Api) -> None:
    provider, _, model = MODEL.partition("/")
    page = api.get(f"/v1/prices?provider={provider}&model={model}&limit=1")
    assert page.json()["items"][0]["packaged"] is True
    assert f"provider={provider}&model={model}" in page.links["next"]["url"]
    assert api.get(page.links["next"]["url"]).status_code == 200
