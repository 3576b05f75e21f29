"""Bridges between stored forecasts over HTTP."""

from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from tests.service.routes.api import NOBODY, Api, fleet, pointers, slug, workload


def forecast(api: Api, *workloads: dict[str, Any], **fields: Any) -> str:
    plan = {
        "as_of": "2026-11-23",
        "horizon": {"first_month": "2027-01", "months": 3},
        "draws": 64,
        "workloads": list(workloads) or [workload(demand=_demand(1_000_000))],
        **fields,
    }
    accepted = api.post("/v1/forecasts", json={"plan": plan})
    assert accepted.status_code == 202, accepted.text
    api.work(accepted.json()["id"])
    return str(accepted.json()["id"])


def _demand(requests: int) -> dict[str, Any]:
    return {
        "base_month": "2027-01",
        "requests_per_month": requests,
        "output_tokens_per_request": 500,
        "noise_fraction": 0.1,
    }


@pytest.fixture
def pair(api: Api) -> tuple[str, str]:
    """A forecast, and one a month later in which the workload has grown and another came on a fleet of its own."""
    before = forecast(api)
    after = forecast(
        api,
        workload(demand=_demand(1_300_000)),
        workload("own", routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}]),
        fleets=[fleet()],
        horizon={"first_month": "2027-02", "months": 3},
    )
    return before, after


def get_bridge(api: Api, before: str, after: str) -> Any:
    return api.get(f"/v1/forecasts/{after}/bridge", params={"from": before})


def test_the_parts_lead_from_the_one_stored_total_to_the_other(api: Api, pair: tuple[str, str]) -> None:
    before, after = pair
    found = get_bridge(api, before, after).json()
    for basis in ("effective", "billed"):
        for end, forecast_id in (("before", before), ("after", after)):
            stored = api.get(f"/v1/forecasts/{forecast_id}").json()["total"][basis]["mean"]
            assert found[end][basis] == stored
        for split in (found, *found["annual"], *found["monthly"], *found["workloads"], *found["cost_centers"]):
            parts = sum(Decimal(part[basis]) for part in split["parts"])
            assert Decimal(split["before"][basis]) + parts == Decimal(split["after"][basis])
        for lists in (("annual",), ("monthly",), ("cost_centers",), ("workloads", "fleets", "contracts")):
            whole = sum(Decimal(one["after"][basis]) for name in lists for one in found[name])
            assert whole == Decimal(found["after"][basis])
    assert (found["from"]["id"], found["to"]["id"]) == (before, after)
    amounts = {part["part"]: Decimal(part["effective"]) for part in found["parts"]}
    assert amounts["model_version"] == amounts["draws"] == 0
    assert amounts["scope"] > 0
    assert any("h100-pool" in one["text"] or "own came" in one["text"] for one in found["sentences"])


def test_the_answer_follows_its_description_and_may_be_kept(api: Api, pair: tuple[str, str]) -> None:
    before, after = pair
    answer = get_bridge(api, before, after)
    document = api.get("/schema").json()
    described = document["paths"]["/v1/forecasts/{forecast_id}/bridge"]["get"]
    schema = {**described["responses"]["200"]["content"]["application/json"]["schema"], **document}
    jsonschema.Draft202012Validator(schema).validate(answer.json())
    headers = {"If-None-Match": answer.headers["etag"]}
    held = api.get(f"/v1/forecasts/{after}/bridge", params={"from": before}, headers=headers)
    assert (held.status_code, held.content) == (304, b"")
    assert get_bridge(api, after, before).headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("json", b"{")])
def test_a_bridge_is_drawn(api: Api, pair: tuple[str, str], kind: str, begins: bytes) -> None:
    before, after = pair
    picture = api.get(f"/v1/forecasts/{after}/bridge/charts/bridge.{kind}", params={"from": before})
    assert picture.status_code == 200
    assert picture.content.startswith(begins)
    assert "default-src 'none'" in picture.headers["content-security-policy"]


def test_what_is_asked_for_wrongly_is_refused(api: Api, stranger: Api, pair: tuple[str, str]) -> None:
    before, after = pair
    missing = api.get(f"/v1/forecasts/{after}/bridge")
    assert (missing.status_code, slug(missing)) == (400, "invalid-parameter")
    assert missing.json()["errors"][0]["parameter"] == "from"
    for answer in (
        get_bridge(api, NOBODY, after),
        get_bridge(api, before, NOBODY),
        get_bridge(api, "yesterday", after),
        get_bridge(stranger, before, after),
        api.get(f"/v1/forecasts/{after}/bridge/charts/months.png", params={"from": before}),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    queued = api.post("/v1/workloads", json=workload(forecast={})).json()["forecast"]["id"]
    refused = get_bridge(api, queued, after)
    assert (refused.status_code, slug(refused), pointers(refused)) == (409, "no-budget", [])


def test_forecasts_in_two_currencies_have_no_bridge(api: Api, pair: tuple[str, str]) -> None:
    rates = [{"currency": "EUR", "per": "USD", "rate": "0.92", "from": "2026-11-01"}]
    euros = forecast(api, currency="EUR", exchange_rates=rates)
    refused = get_bridge(api, euros, pair[1])
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert "only one currency can be bridged" in refused.json()["errors"][0]["detail"]
