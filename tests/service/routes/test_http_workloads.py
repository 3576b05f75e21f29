"""Workloads and fleets over HTTP: created, read, changed under a condition, deleted."""

import pytest

from tests.service.routes.api import NOBODY, Api, fleet, pointers, slug, workload


def test_a_posted_workload_is_stored_with_an_address_and_a_tag(api: Api) -> None:
    created = api.post("/v1/workloads", json=workload())
    assert created.status_code == 201
    assert created.headers["etag"] == '"1"'
    read = api.get(created.headers["location"])
    assert read.json() == created.json()
    assert read.json()["demand"]["requests_per_month"] == 1000
    assert read.headers["etag"] == '"1"'


def test_a_workload_that_is_held_already_is_not_sent_again(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload()).headers["location"]
    held = api.get(location, headers={"If-None-Match": 'W/"0", W/"1"'})
    assert (held.status_code, held.content) == (304, b"")
    assert api.get(location, headers={"If-None-Match": '"2"'}).status_code == 200


def test_a_name_is_borne_once_in_a_workspace(api: Api, stranger: Api) -> None:
    assert api.post("/v1/workloads", json=workload()).status_code == 201
    again = api.post("/v1/workloads", json=workload())
    assert (again.status_code, slug(again)) == (409, "name-taken")
    assert stranger.post("/v1/workloads", json=workload()).status_code == 201


@pytest.mark.parametrize(("path", "sent"), [("/v1/workloads", workload()), ("/v1/fleets", fleet())])
def test_a_change_says_which_version_it_changes(api: Api, path: str, sent: dict[str, object]) -> None:
    location = api.post(path, json=sent).headers["location"]
    changed = {**sent, "cost_center": "4711"}

    unconditional = api("PUT", location, json=changed)
    assert (unconditional.status_code, slug(unconditional)) == (428, "condition-missing")
    first = api("PUT", location, json=changed, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"], first.json()["cost_center"]) == (200, '"2"', "4711")
    late = api("PUT", location, json=sent, headers={"If-Match": '"1"'})
    assert (late.status_code, slug(late)) == (412, "stale-version")
    assert api.get(location).json()["cost_center"] == "4711"

    assert api("DELETE", location).status_code == 428
    assert api("DELETE", location, headers={"If-Match": '"1"'}).status_code == 412
    assert api("DELETE", location, headers={"If-Match": '"2"'}).status_code == 204
    assert api.get(location).status_code == 404
    assert api("DELETE", location, headers={"If-Match": '"2"'}).status_code == 404


@pytest.mark.parametrize(
    ("tags", "status"),
    [("*", 200), ('"7", "1"', 200), ('"7", "8"', 412), ('W/"1"', 412), ('"one"', 412), ('"99999999999999999999"', 412)],
)
def test_conditions_may_be_lists_and_wildcards(api: Api, tags: str, status: int) -> None:
    location = api.post("/v1/workloads", json=workload()).headers["location"]
    assert api("PUT", location, json=workload(), headers={"If-Match": tags}).status_code == status


def test_a_condition_that_is_no_tag_is_refused(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload()).headers["location"]
    refused = api("PUT", location, json=workload(), headers={"If-Match": "1"})
    assert (refused.status_code, slug(refused)) == (400, "invalid-header")


def test_pages_follow_each_other_without_gap_or_repetition(api: Api) -> None:
    names = [f"w{number}" for number in range(7)]
    for name in names:
        assert api.post("/v1/workloads", json=workload(name)).status_code == 201
    seen = []
    page = api.get("/v1/workloads?limit=3")
    while True:
        seen += [item["name"] for item in page.json()["items"]]
        if "next" not in page.links:
            assert page.json()["next_cursor"] is None
            break
        assert f"cursor={page.json()['next_cursor']}" in page.links["next"]["url"]
        page = api.get(page.links["next"]["url"])
    assert seen == names


def test_a_list_is_filtered_by_name(api: Api) -> None:
    for name in ("a", "b"):
        api.post("/v1/fleets", json=fleet(name))
    assert [item["name"] for item in api.get("/v1/fleets?name=b").json()["items"]] == ["b"]
    assert api.get("/v1/fleets?name=c").json() == {"items": [], "next_cursor": None}


def test_a_workload_on_an_unknown_fleet_or_model_is_not_stored(api: Api) -> None:
    routes = [{"to": [{"fleet": "none", "share": 0.5}, {"model": "nobody/nothing", "share": 0.5}]}]
    refused = api.post("/v1/workloads", json=workload(routes=routes, compare_to={"model": "nobody/else"}))
    assert (refused.status_code, slug(refused)) == (422, "invalid-input")
    assert sorted(pointers(refused)) == ["/compare_to/model", "/routes/0/to/0/fleet", "/routes/0/to/1/model"]
    assert api.get("/v1/workloads").json()["items"] == []


def test_a_fleet_in_use_is_not_deleted(api: Api) -> None:
    location = api.post("/v1/fleets", json=fleet()).headers["location"]
    routes = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]
    assert api.post("/v1/workloads", json=workload(routes=routes)).status_code == 201
    refused = api("DELETE", location, headers={"If-Match": '"1"'})
    assert (refused.status_code, slug(refused)) == (409, "still-referenced")
    assert "'chat'" in refused.json()["detail"]
    assert api.get(location).status_code == 200


def test_a_fleet_keeps_the_currency_it_was_declared_in(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet("dollars")).json()["currency"] == "USD"
    assert api.post("/v1/fleets", json=fleet("euros", currency="EUR")).json()["currency"] == "EUR"


@pytest.mark.parametrize("unknown", [NOBODY, "7", "%00", "a" * 300])
def test_an_id_that_nothing_bears_is_not_found(api: Api, unknown: str) -> None:
    missing = api.get(f"/v1/workloads/{unknown}")
    assert (missing.status_code, slug(missing)) == (404, "not-found")
