"""A preview says what saving would cost or refuse, and leaves nothing behind."""

from calendar import monthrange
from typing import Any

import pytest

from tests.service.routes.api import MODEL, NOBODY, Api, fleet, pointers, slug, workload

PATH = "/v1/previews"
ON_FLEET = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]


def preview(api: Api, **sent: Any) -> dict[str, Any]:
    answer = api.post(PATH, json=sent)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def rent(shown: dict[str, Any], *, nodes: int) -> str:
    """Of nodes at 25.00 an hour, for every hour of the months shown."""
    days = sum(monthrange(*map(int, one["month"].split("-")))[1] for one in shown["monthly"])
    return f"{25 * 24 * days * nodes}.00"


def test_a_workload_is_previewed_with_the_numbers_of_its_forecast(api: Api) -> None:
    sent = workload(compare_to={"model": MODEL})
    shown = preview(api, workload=sent)
    forecast = api.post("/v1/workloads", json={**sent, "forecast": {"draws": shown["draws"]}}).json()["forecast"]
    api.work(forecast["id"])
    stored = api.get(f"/v1/forecasts/{forecast['id']}").json()
    assert shown["total"] == stored["total"]
    assert shown["monthly"] == stored["monthly"]
    assert shown["horizon"] == stored["horizon"]


def test_nothing_of_a_preview_is_stored(api: Api) -> None:
    preview(api, workload=workload())
    preview(api, fleet=fleet())
    for kind in ("workloads", "fleets", "forecasts"):
        assert api.get(f"/v1/{kind}").json()["items"] == []


def test_a_workload_is_previewed_on_the_stored_fleet_that_it_names(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    shown = preview(api, workload=workload(routes=ON_FLEET))
    [one] = shown["fleets"]
    assert (one["name"], one["months"][0]["nodes"]["mean"]) == ("h100-pool", 1.0)
    assert shown["total"]["effective"]["mean"] == rent(shown, nodes=1)


def test_a_fleet_is_previewed_with_the_workloads_that_are_routed_to_it(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    assert api.post("/v1/workloads", json=workload(routes=ON_FLEET)).status_code == 201
    assert api.post("/v1/workloads", json=workload("elsewhere")).status_code == 201
    idle = preview(api, fleet=fleet("other"))
    busy = preview(api, fleet=fleet(nodes=2))
    assert idle["fleets"][0]["months"][0]["utilization_fraction"] == 0.0
    assert busy["fleets"][0]["months"][0]["utilization_fraction"] > 0.0
    assert busy["total"]["effective"]["mean"] == rent(busy, nodes=2)


def test_a_fleet_in_another_currency_needs_no_exchange_rate(api: Api) -> None:
    assert preview(api, fleet=fleet(currency="EUR"))["currency"] == "EUR"


def test_reading_is_enough_for_a_preview(api: Api) -> None:
    preview(api.with_scopes("read"), workload=workload())


BAD_WORKLOADS = [
    {"name": ""},
    {"demand": {"base_month": "soon", "requests_per_month": -1}},
    {"routes": [{"to": [{"model": MODEL, "share": 0.5}, {"fleet": "nowhere", "share": 0.1}]}]},
    {"routes": [{"to": [{"share": 1.0}]}]},
    {"routes": [{"to": [{"model": "nobody/nothing", "share": 1.0}]}], "temperature": 9},
    {"routes": [{"to": [{"fleet": "nowhere", "share": 1.0}]}]},
]


@pytest.mark.parametrize("changes", BAD_WORKLOADS)
def test_a_workload_has_the_problems_in_a_preview_that_it_has_when_it_is_stored(
    api: Api, changes: dict[str, Any]
) -> None:
    stored = api.post("/v1/workloads", json=workload(**changes))
    shown = api.post(PATH, json={"workload": workload(**changes)})
    assert (shown.status_code, slug(shown)) == (stored.status_code, slug(stored))
    assert pointers(shown) == [f"/workload{pointer}" for pointer in pointers(stored)]


BAD_FLEETS = [
    {"nodes": -1, "accelerator": "abacus"},
    {"cost": {"kind": "rented"}},
    {"cost": {"kind": "borrowed"}},
    {"overflow_to": {"model": "nobody/nothing"}},
    {"decoder": {"preset": "headline"}},
]


@pytest.mark.parametrize("changes", BAD_FLEETS)
def test_a_fleet_has_the_problems_in_a_preview_that_it_has_when_it_is_stored(api: Api, changes: dict[str, Any]) -> None:
    stored = api.post("/v1/fleets", json=fleet(**changes))
    shown = api.post(PATH, json={"fleet": fleet(**changes)})
    assert (shown.status_code, slug(shown)) == (stored.status_code, slug(stored))
    assert pointers(shown) == [f"/fleet{pointer}" for pointer in pointers(stored)]


@pytest.mark.parametrize("sent", [{}, {"workload": workload(), "fleet": fleet()}])
def test_a_preview_is_of_one_thing(api: Api, sent: dict[str, Any]) -> None:
    refused = api.post(PATH, json=sent)
    assert (refused.status_code, pointers(refused)) == (422, [""])


def test_what_only_a_forecast_could_refuse_is_told_at_what_was_sent(api: Api) -> None:
    late = [{"from": "2040-01", "to": [{"model": MODEL, "share": 1.0}]}]
    refused = api.post(PATH, json={"workload": workload(routes=late)})
    assert (refused.status_code, pointers(refused)) == (422, ["/workload/routes/0/from"])


def test_more_routes_than_a_request_can_compute_are_refused(api: Api) -> None:
    routes = [
        {"from": None if index == 0 else f"20{40 + index}-01", "to": [_region(f"r{index}-{at}") for at in range(50)]}
        for index in range(5)
    ]
    refused = api.post(PATH, json={"workload": workload(routes=routes)})
    assert (refused.status_code, pointers(refused)) == (422, ["/workload/routes"])
    assert "forecast it" in refused.json()["errors"][0]["detail"]


def test_a_fleet_with_more_workloads_than_a_request_can_compute_is_refused(api: Api) -> None:
    plan = {"name": "many", "fleets": [fleet()], "workloads": [workload(f"w{at}", routes=ON_FLEET) for at in range(51)]}
    assert api.post("/v1/plans", json=plan).status_code == 201
    refused = api.post(PATH, json={"fleet": fleet()})
    assert (refused.status_code, pointers(refused)) == (422, ["/fleet/name"])


def _region(name: str) -> dict[str, Any]:
    return {"model": MODEL, "share": 0.02, "region": name}


def test_the_fleets_of_others_are_unknown_to_a_preview(api: Api, stranger: Api) -> None:
    assert stranger.post("/v1/fleets", json=fleet()).status_code == 201
    refused = api.post(PATH, json={"workload": workload(routes=ON_FLEET)})
    assert (refused.status_code, pointers(refused)) == (422, ["/workload/routes/0/to/0/fleet"])
    assert NOBODY not in refused.text


def test_a_warning_points_into_what_was_sent(api: Api) -> None:
    small = fleet(throughput={"output_tokens_per_second": 0.01, "concurrency_per_node": 1})
    assert api.post("/v1/fleets", json=small).status_code == 201
    shown = preview(api, workload=workload(routes=ON_FLEET))
    assert {one["pointer"] for one in shown["warnings"] if one["type"] == "unserved_tokens"} == {"/workload/routes"}
