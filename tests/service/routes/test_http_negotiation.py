"""Negotiation briefs over HTTP: of a finished forecast's own frozen inputs."""

import jsonschema
import pytest

from tests.service.routes.api import MODEL, NOBODY, Api, pointers, price, slug, workload


@pytest.fixture
def finished(api: Api) -> str:
    """The address of a finished forecast that pays one provider."""
    plan = {"horizon": {"first_month": "2027-01", "months": 2}, "as_of": "2026-11-23", "draws": 64}
    accepted = api.post("/v1/forecasts", json={"plan": plan | {"workloads": [workload()]}})
    api.work(accepted.json()["id"])
    return str(accepted.headers["location"])


def test_a_brief_holds_the_spend_of_the_forecast_and_what_supports_a_discount(api: Api, finished: str) -> None:
    answer = api.get(f"{finished}/negotiation/deepseek")
    assert answer.status_code == 200, answer.text
    brief = answer.json()
    [provider] = api.get(finished).json()["providers"]
    assert brief["spend"] == provider["effective"]
    [position] = brief["positions"]
    assert (position["route"], position["support"]["preset"]) == (MODEL, "dspark-v4-pro")
    assert {row["meter"] for row in position["rows"]} == {"input", "output"}
    assert all(row["source"] and row["effective_from"] for row in position["rows"])


def test_a_brief_does_not_change_with_prices_that_come_later(api: Api, finished: str) -> None:
    before = api.get(f"{finished}/negotiation/deepseek").content
    dearer = price(provider="deepseek", model="deepseek-v4-pro", rate="99", recorded_at="2026-11-01T00:00:00Z")
    assert api.post("/v1/prices", json=dearer).status_code == 201
    assert api.get(f"{finished}/negotiation/deepseek").content == before


def test_the_page_is_served_with_a_policy_that_forbids_everything_but_its_style(api: Api, finished: str) -> None:
    page = api.get(f"{finished}/negotiation/deepseek.html")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "<h1>Negotiation brief: deepseek</h1>" in page.text


@pytest.mark.parametrize("provider", ["openai", "openai.html", "%3Cscript%3E.html", ".html"])
def test_a_provider_that_is_not_paid_is_told_those_that_are(api: Api, finished: str, provider: str) -> None:
    missing = api.get(f"{finished}/negotiation/{provider}")
    assert (missing.status_code, slug(missing), pointers(missing)) == (404, "not-found", [])
    assert "it pays deepseek" in missing.json()["detail"]


def test_a_brief_may_be_kept_as_long_as_its_forecast(api: Api, finished: str) -> None:
    first = api.get(f"{finished}/negotiation/deepseek")
    assert first.headers["cache-control"] == api.get(finished).headers["cache-control"]
    held = {"If-None-Match": first.headers["etag"]}
    again = api.get(f"{finished}/negotiation/deepseek", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert api.get(f"{finished}/negotiation/deepseek.html", headers=held).status_code == 200


def test_a_forecast_without_a_budget_has_no_brief(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    refused = api.get(f"{location}/negotiation/deepseek")
    assert (refused.status_code, slug(refused)) == (409, "no-budget")


def test_nobody_else_reads_a_brief(api: Api, stranger: Api, finished: str) -> None:
    for answer in (
        stranger.get(f"{finished}/negotiation/deepseek"),
        stranger.get(f"{finished}/negotiation/deepseek.html"),
        api.get(f"/v1/forecasts/{NOBODY}/negotiation/deepseek"),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
        assert "no forecast" in answer.json()["detail"]


def test_the_description_names_both_media_types_and_the_shape(api: Api, finished: str) -> None:
    document = api.get("/schema").json()
    described = document["paths"]["/v1/forecasts/{forecast_id}/negotiation/{provider}"]["get"]
    content = described["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/html"}
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(api.get(f"{finished}/negotiation/deepseek").json())
