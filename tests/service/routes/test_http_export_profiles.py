"""Export profiles over HTTP, and exports that are written in them."""

from typing import Any

import pytest

from tests.service.routes.api import Api, pointers, slug, workload

TOOL: dict[str, Any] = {"name": "netsuite", "accounts": {"6420": "64200"}, "cost_centers": {"4100": "CC-1"}}


@pytest.fixture
def finished(api: Api) -> str:
    plan = {
        "horizon": {"first_month": "2027-01", "months": 2},
        "workloads": [workload(cost_center="4100", gl_account="6420")],
    }
    accepted = api.post("/v1/forecasts", json={"plan": plan | {"draws": 64}})
    api.work(accepted.json()["id"])
    return str(accepted.headers["location"])


def test_a_profile_is_made_read_replaced_and_deleted(api: Api) -> None:
    made = api.post("/v1/export-profiles", json=TOOL)
    assert (made.status_code, made.headers["location"]) == (201, "/v1/export-profiles/netsuite")
    read = api.get(made.headers["location"])
    assert read.json() == made.json()
    assert read.json()["accounts"] == {"6420": "64200"}
    assert api.get("/v1/export-profiles").json()["items"] == [read.json()]
    condition = {"If-Match": read.headers["etag"]}
    changed = api("PUT", "/v1/export-profiles/netsuite", json={**TOOL, "sign": "negative"}, headers=condition)
    assert (changed.status_code, changed.json()["sign"], changed.json()["version"]) == (200, "negative", 2)
    lost = api("PUT", "/v1/export-profiles/netsuite", json=TOOL, headers=condition)
    assert (lost.status_code, slug(lost)) == (412, "stale-version")
    assert api.get("/v1/export-profiles/netsuite").json() == changed.json()
    gone = api("DELETE", "/v1/export-profiles/netsuite", headers={"If-Match": changed.headers["etag"]})
    assert gone.status_code == 204
    assert api.get("/v1/export-profiles/netsuite").status_code == 404


def test_a_change_must_say_what_it_changes_and_a_name_is_used_once(api: Api) -> None:
    api.post("/v1/export-profiles", json=TOOL)
    blind = api("PUT", "/v1/export-profiles/netsuite", json=TOOL)
    assert (blind.status_code, slug(blind)) == (428, "condition-missing")
    again = api.post("/v1/export-profiles", json=TOOL)
    assert (again.status_code, slug(again)) == (409, "name-taken")


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("fiscal_year_start_month", 13, 422),
        ("decimal_separator", ",", 422),
        ("name", "a/b", 400),
        ("sign", "reversed", 400),
        ("accounts", {"6420": 1}, 400),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(api: Api, field: str, value: object, status: int) -> None:
    refused = api.post("/v1/export-profiles", json={**TOOL, field: value})
    assert refused.status_code == status
    [pointer] = pointers(refused)
    assert pointer.startswith("/delimiter" if field == "decimal_separator" else f"/{field}")
    assert api.get("/v1/export-profiles").json()["items"] == []


def test_an_export_bears_the_codes_of_its_profile(api: Api, finished: str) -> None:
    api.post("/v1/export-profiles", json=TOOL)
    text = api.get(f"{finished}/export?format=netsuite-budget&profile=netsuite").text
    assert text.splitlines()[1].startswith("64200,CC-1,")


def test_a_profile_that_misses_codes_is_told_which(api: Api, finished: str) -> None:
    api.post("/v1/export-profiles", json={**TOOL, "cost_centers": {"4200": "CC-2"}})
    refused = api.get(f"{finished}/export?format=csv-tall&profile=netsuite")
    assert (refused.status_code, slug(refused), pointers(refused)) == (409, "profile-incomplete", ["/cost_centers"])
    assert "'4100'" in refused.json()["errors"][0]["detail"]


def test_the_profile_of_another_workspace_is_not_there(api: Api, stranger: Api, finished: str) -> None:
    stranger.post("/v1/export-profiles", json=TOOL)
    refused = api.get(f"{finished}/export?format=csv-tall&profile=netsuite")
    assert (refused.status_code, slug(refused)) == (404, "not-found")
    assert "no export profile netsuite" in refused.json()["detail"]


def test_the_encoding_of_the_profile_is_told(api: Api, finished: str) -> None:
    api.post("/v1/export-profiles", json={"name": "excel", "encoding": "utf-16"})
    wide = api.get(f"{finished}/export?format=csv-wide&profile=excel")
    assert wide.headers["content-type"] == "text/csv; charset=utf-16"
    assert wide.content.decode("utf-16").startswith("entity,account,")
    # FOCUS files are UTF-8 whatever a profile says.
    rows = api.get(f"{finished}/export?format=focus-1.2&profile=excel")
    assert rows.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows.content.decode().startswith("BilledCost,")
