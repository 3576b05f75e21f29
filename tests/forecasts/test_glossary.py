"""The glossary defines each term once, and every name that answers use for kinds, meters and tiers."""

import re
from pathlib import Path

import pytest

from forecasts.prices.price import METERS, SERVICE_TIERS, UTC_WINDOWS
from tests.forecasts.estates import LARGE, a_fleet, a_plan, a_workload, budget_of, to_fleet

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")


def kinds_of_lines() -> set[str]:
    """The kinds of cost of a fleet of each kind, one that overflows and one that is sold among them, and a contract."""
    owned = {
        "kind": "owned",
        "purchase_price_per_node": "370000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
        "hosting_per_node_year": "20000",
        "licence_per_gpu_year": "4500",
        "power_kw_per_node": 10.2,
        "electricity_per_kwh": "0.11",
        "operations_per_month": "100",
        "disposal": {"on": "2027-02-01"},
    }
    term = {"starts": "2027-01-01", "ends": "2027-12-31"}
    layer = term | {"nodes": 1, "rate_per_node_hour": "20", "upfront": "1000"}
    committed = {"kind": "committed", "commitments": [layer], "on_demand_rate_per_node_hour": "50"}
    leased = term | {"kind": "leased", "payment_per_node_month": "9000"}
    one_off = {"month": "2027-02", "amount": "1200", "what": "retraining"}
    fleets = [
        a_fleet(overflow_to={"model": LARGE}, one_offs=[one_off]),
        *(a_fleet(cost["kind"], cost=cost) for cost in (owned, committed, leased)),
    ]
    flood = a_workload("flood", to=[to_fleet()], requests_per_month=1e9)
    contract = {
        "provider": "north",
        "committed_spend": "1",
        "commitment_period": "month",
        "credits": [{"amount": "1"}],
        "volume_tiers": [{"from_tokens_per_month": "0", "fraction": "0.1"}],
    }
    budget = budget_of(a_plan(a_workload(), flood, fleets=fleets, contracts=[contract]))
    return {series.kind for series in budget.lines.series}


def test_each_term_is_defined_once() -> None:
    names = re.findall(r"^\| ([^|]+) \|", GLOSSARY, flags=re.MULTILINE)
    terms = [term.strip() for name in names if name != "term" for term in name.split(",")]
    assert len(terms) > 50
    assert sorted(terms) == sorted(set(terms))


@pytest.mark.parametrize("name", [*METERS, *SERVICE_TIERS, *UTC_WINDOWS])
def test_every_condition_of_a_price_is_named(name: str) -> None:
    assert f"`{name}`" in GLOSSARY


def test_every_kind_of_cost_is_named() -> None:
    [row] = re.findall(r"^\| kind \| (.*) \|$", GLOSSARY, flags=re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == kinds_of_lines()
