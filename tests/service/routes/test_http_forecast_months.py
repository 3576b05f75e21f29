"""A forecast's months by group over HTTP: exact, and the same as the lines and the totals they are sums of."""

from collections import Counter
from decimal import Decimal
from typing import Any, get_args

import pytest

from service.schemas.forecast.months import GroupBy
from tests.service.routes.api import NOBODY, Api, fleet, pointers, price, slug, workload

DEEPSEEK = "deepseek"
TERMS: dict[str, Any] = {"horizon": {"first_month": "2027-01", "months": 3}, "draws": 64}


def forecast(api: Api, plan: dict[str, Any]) -> str:
    made = api.post("/v1/forecasts", json={"plan": {**TERMS, **plan}})
    assert made.status_code == 202, made.text
    api.work(made.json()["id"])
    return f"/v1/forecasts/{made.json()['id']}"


@pytest.fixture
def finished(api: Api) -> str:
    """A fleet with an idle part and four workloads, of which one is on the fleet, with cost centres and a contract."""
    own = workload("own", routes=[{"to": [{"fleet": "pool", "share": 1.0}]}], cost_center="4100")
    bought = [workload(f"bought-{number}", **({"cost_center": "4200"} if number else {})) for number in range(3)]
    contract = {
        "name": "frame",
        "provider": DEEPSEEK,
        "from": "2027-01-01",
        "committed_spend": "5000",
        "commitment_period": "month",
    }
    return forecast(api, {"fleets": [fleet("pool")], "workloads": [own, *bought], "contracts": [contract]})


def sums(months: dict[str, Any], basis: str) -> list[Decimal]:
    series = [group[basis] for group in months["groups"]]
    if months["others"] is not None:
        series.append(months["others"][basis])
    return [sum(map(Decimal, amounts), Decimal(0)) for amounts in zip(*series, strict=True)]


@pytest.mark.parametrize("largest", [None, 1, 2])
@pytest.mark.parametrize("by", get_args(GroupBy))
def test_every_grouping_adds_up_to_the_totals_to_the_cent(
    api: Api, finished: str, by: str, largest: int | None
) -> None:
    document = api.get(finished).json()
    months = api.get(f"{finished}/months", params={"by": by} | ({} if largest is None else {"largest": largest})).json()
    assert months["months"] == [month["month"] for month in document["monthly"]]
    for basis in ("billed", "effective"):
        assert sums(months, basis) == list(map(Decimal, months["total"][basis]))
        assert sum(sums(months, basis)) == Decimal(document["total"][basis]["mean"])
    if largest is not None:
        assert len(months["groups"]) <= largest


@pytest.mark.parametrize("by", ["workload", "cost_center", "kind", "meter", "gl_account", "route"])
def test_a_group_is_the_sum_of_its_lines(api: Api, finished: str, by: str) -> None:
    lines = api.get(finished).json()["lines"]
    expected: Counter[tuple[str | None, str]] = Counter()
    for line in lines:
        expected[line[by] or None, line["month"]] += Decimal(line["effective"])
    months = api.get(f"{finished}/months?by={by}").json()
    shown = {
        (group["name"], month): Decimal(amount)
        for group in months["groups"]
        for month, amount in zip(months["months"], group["effective"], strict=True)
        if Decimal(amount)
    }
    assert shown == {key: amount for key, amount in expected.items() if amount}


def test_providers_cost_what_the_forecast_says_of_them_settlements_included(api: Api, finished: str) -> None:
    document = api.get(finished).json()
    assert {line["kind"] for line in document["lines"]} >= {"usage", "shortfall"}
    told = {one["name"]: one["effective"]["mean"] for one in document["providers"]}
    groups = api.get(f"{finished}/months?by=provider").json()["groups"]
    shown = {group["name"]: str(sum(map(Decimal, group["effective"]))) for group in groups}
    assert set(shown) == {DEEPSEEK, None}
    assert shown[DEEPSEEK] == told[DEEPSEEK]
    fleets = sum(Decimal(one["effective"]["mean"]) for one in document["fleets"])
    assert Decimal(shown[None]) == fleets


def test_the_costliest_come_first_and_the_rest_is_counted(api: Api, finished: str) -> None:
    whole = api.get(f"{finished}/months?by=workload").json()
    totals = [sum(map(Decimal, group["effective"])) for group in whole["groups"]]
    assert totals == sorted(totals, reverse=True)
    assert whole["others"] is None
    short = api.get(f"{finished}/months?by=workload&largest=2").json()
    assert short["groups"] == whole["groups"][:2]
    assert short["others"]["count"] == len(whole["groups"]) - 2
    assert short["total"] == whole["total"]


def test_recorded_months_are_told_from_forecast_ones(api: Api) -> None:
    usage = {
        "month": "2027-01",
        "workload": "chat",
        "route": "acme/acme-1",
        "meter": "output",
        "quantity": "1000000",
        "billed": "12.34",
        "effective": "12.34",
        "currency": "USD",
    }
    chat = workload("chat", routes=[{"to": [{"model": "acme/acme-1", "share": 1.0}]}])
    rows = [price(meter=meter) for meter in ("input", "output")]
    at = forecast(api, {"as_of": "2027-02-10", "workloads": [chat], "prices": rows, "actuals": [usage]})
    months = api.get(f"{at}/months?by=kind").json()
    assert (months["actual"], months["actual_until"]) == ([True, False, False], "2027-01")
    [recorded] = [group for group in months["groups"] if group["name"] == "actual"]
    assert recorded["effective"] == ["12.34", "0.00", "0.00"]
    spec = api.get(f"{at}/charts/months_by_provider.json").json()
    stages = {row["month"]: row["stage"] for rows in spec["datasets"].values() for row in rows if "stage" in row}
    assert stages == {"2027-01": "actual", "2027-02": "forecast", "2027-03": "forecast"}
    nothing = api.get(f"{forecast(api, {'workloads': [workload()]})}/months").json()
    assert (nothing["actual_until"], set(nothing["actual"])) == (None, {False})


@pytest.mark.parametrize("query", ["by=colour", "largest=0", "largest=1001", "largest=x", "by=kind&by=kind", "top=3"])
def test_a_parameter_out_of_bounds_is_refused(api: Api, finished: str, query: str) -> None:
    refused = api.get(f"{finished}/months?{query}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert len(refused.json()["errors"]) == 1


def test_the_months_of_a_finished_forecast_may_be_kept(api: Api, finished: str) -> None:
    first = api.get(f"{finished}/months?by=kind")
    assert first.headers["cache-control"] == api.get(finished).headers["cache-control"]
    tags = {api.get(f"{finished}/months?{query}").headers["etag"] for query in ("by=kind", "by=route", "largest=2")}
    assert len(tags) == 3
    held = api.get(f"{finished}/months?by=kind", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_a_forecast_without_a_budget_has_no_months(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    refused = api.get(f"{location}/months")
    assert (refused.status_code, slug(refused), pointers(refused)) == (409, "no-budget", [])
    assert api.get(f"/v1/forecasts/{NOBODY}/months").status_code == 404
