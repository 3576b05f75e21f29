"""Pictures of a finished forecast over HTTP."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from service.charts.registry import names_of
from tests.service.routes.api import NOBODY, Api, fleet, pointers, slug, workload

NAMES = names_of("forecast")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def finished(api: Api) -> str:
    """The address of a finished forecast of one fleet and one API route."""
    plan = {
        "horizon": {"first_month": "2027-01", "months": 2},
        "fleets": [fleet(SCRIPT)],
        "workloads": [workload("own", routes=[{"to": [{"fleet": SCRIPT, "share": 1.0}]}]), workload("bought")],
    }
    accepted = api.post("/v1/forecasts", json={"plan": plan | {"draws": 64}})
    api.work(accepted.json()["id"])
    return str(accepted.headers["location"])


@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<svg"), ("json", "application/json", b"{")],
)
def test_every_chart_comes_in_every_format(api: Api, finished: str, kind: str, media_type: str, begins: bytes) -> None:
    for name in NAMES:
        answer = api.get(f"{finished}/charts/{name}.{kind}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.content.startswith(begins)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_definition_holds_the_numbers_of_the_forecast(api: Api, finished: str) -> None:
    document = api.get(finished).json()
    spec = api.get(f"{finished}/charts/months.json").json()
    means = [row["expected"] for rows in spec["datasets"].values() for row in rows]
    assert means == [float(month["effective"]["mean"]) for month in document["monthly"]]


def test_theme_and_size_are_chosen(api: Api, finished: str) -> None:
    def spec(query: str) -> Any:
        return api.get(f"{finished}/charts/months.json{query}").json()

    light, dark = spec(""), spec("?theme=dark")
    assert light["background"] != dark["background"]
    assert (light["width"], light["height"]) == (1200, 700)
    assert spec("?size=phone")["width"] == 390
    assert (spec("?width=340")["width"], spec("?width=340")["height"]) == (340, 560)
    assert spec("?width=1100&size=phone")["width"] == 1100


def test_one_fleet_is_shown_by_itself_and_an_unknown_one_refused(api: Api, finished: str) -> None:
    one = api.get(f"{finished}/charts/fleet-nodes.svg", params={"fleet": SCRIPT})
    assert one.status_code == 200
    assert "<script" not in one.text
    assert "&lt;script&gt;" in one.text
    refused = api.get(f"{finished}/charts/fleet-nodes.svg", params={"fleet": "none"})
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert refused.json()["errors"][0]["parameter"] == "fleet"
    assert SCRIPT in refused.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "query", ["theme=neon", "size=3", "fleet=", "width=299", "width=1601", "theme=dark&theme=light"]
)
def test_a_parameter_out_of_bounds_is_refused(api: Api, finished: str, query: str) -> None:
    refused = api.get(f"{finished}/charts/months.png?{query}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    "file", ["unheard-of.png", "months", "months.gif", "months.png.svg", ".png", "price-history.png"]
)
def test_an_unknown_chart_is_told_those_there_are(api: Api, finished: str, file: str) -> None:
    missing = api.get(f"{finished}/charts/{file}")
    assert (missing.status_code, slug(missing)) == (404, "not-found")
    for name in NAMES:
        assert f"{name}.png" in missing.json()["detail"]


def test_a_chart_may_be_kept_as_long_as_its_forecast(api: Api, finished: str) -> None:
    first = api.get(f"{finished}/charts/months.png")
    assert first.headers["cache-control"] == api.get(finished).headers["cache-control"]
    held = api.get(f"{finished}/charts/months.png", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert held.headers["etag"] == first.headers["etag"]
    others = ["months.svg", "outlooks.png", "months.png?theme=dark", "months.png?size=phone"]
    tags = {api.get(f"{finished}/charts/{other}").headers["etag"] for other in others}
    assert len(tags | {first.headers["etag"]}) == 5


def test_other_workspaces_and_unknown_forecasts_have_no_charts(api: Api, stranger: Api, finished: str) -> None:
    for answer in (
        stranger.get(f"{finished}/charts/months.png"),
        api.get(f"/v1/forecasts/{NOBODY}/charts/months.png"),
        api.get("/v1/forecasts/1/charts/months.png"),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
        assert "no forecast" in answer.json()["detail"]


def test_a_key_without_the_scope_sees_no_chart(api: Api, finished: str) -> None:
    assert api.with_scopes("write").get(f"{finished}/charts/months.png").status_code == 403
    assert api.with_scopes("read").get(f"{finished}/charts/months.png").status_code == 200


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (lambda _api, _location: None, "waits for a worker; ask again"),
        (lambda api, location: api.post(f"{location}/cancel"), "was cancelled"),
    ],
)
def test_a_forecast_without_a_budget_has_no_charts(api: Api, then: Callable[[Api, str], Any], words: str) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    then(api, location)
    refused = api.get(f"{location}/charts/months.png")
    assert (refused.status_code, slug(refused), pointers(refused)) == (409, "no-budget", [])
    assert words in refused.json()["detail"]


def test_the_description_names_every_file_and_media_type(api: Api, finished: str) -> None:
    document = api.get("/schema").json()
    described = document["paths"]["/v1/forecasts/{forecast_id}/charts/{file}"]["get"]
    [file] = [one for one in described["parameters"] if one["name"] == "file"]
    assert set(file["schema"]["enum"]) == {f"{name}.{kind}" for name in NAMES for kind in ("png", "svg", "json")}
    assert set(described["responses"]["200"]["content"]) == {"application/json", "image/png", "image/svg+xml"}
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(schema).validate(api.get(f"{finished}/charts/months.json").json())
