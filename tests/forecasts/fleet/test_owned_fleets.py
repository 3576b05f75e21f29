"""Owned nodes: bought once, depreciated by straight line, and running up hosting, licences and power."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_price, a_workload, answer, budget_of, law, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, by_kind, owned


def monthly(document: dict[str, Any], basis: str) -> list[str]:
    return [month[basis]["mean"] for month in answer(document)["monthly"]]


def test_a_server_of_370000_costs_179333_a_year() -> None:
    """370,000 / 3 of depreciation, 20,000 of hosting and 8 x 4,500 of licences."""
    forecast = answer(a_costed_plan(owned(hosting_per_node_year="20000", licence_per_gpu_year="4500")))
    yearly = Decimal(370_000) / 3 + 20_000 + 8 * 4500
    assert f"{yearly:.2f}" == "179333.33"
    assert abs(Decimal(forecast["total"]["effective"]["mean"]) - yearly) <= Decimal("0.01")
    # What is invoiced is the purchase, once, and the running costs.
    assert forecast["total"]["billed"]["mean"] == f"{370_000 + 56_000:.2f}"


def test_a_need_of_two_thirds_of_a_server_is_one_server() -> None:
    """0.661 of what a node makes in a month: one node serves it all, busy 66.1 % of its hours."""
    workload = a_workload(to=[to_fleet()], requests_per_month=0.661 * 10.368e9, output_tokens_per_request=1)
    cost = owned(hosting_per_node_year="20000", licence_per_gpu_year="4500")
    fleet = answer(a_costed_plan(cost, workloads=[workload]))["fleets"][0]
    assert [month["nodes"]["mean"] for month in fleet["months"]] == [1] * 12
    assert {month["utilization_fraction"] for month in fleet["months"]} == {0.661}
    assert {month["unserved_tokens"] for month in fleet["months"]} == {0}
    assert abs(Decimal(fleet["effective"]["mean"]) - Decimal("179333.33")) <= Decimal("0.01")


def test_it_costs_the_same_in_each_of_its_three_years() -> None:
    cost = owned(hosting_per_node_year="20000", licence_per_gpu_year="4500")
    for year in answer(a_costed_plan(cost, months=36))["annual"]:
        assert abs(Decimal(year["effective"]["mean"]) - Decimal("179333.33")) <= Decimal("0.01")


def test_three_fiscal_years_of_it_end_at_the_price() -> None:
    plan = a_costed_plan(owned(), months=60)
    assert [year["effective"]["mean"] for year in answer(plan)["annual"]] == [
        "123333.33",
        "123333.34",
        "123333.33",
        "0.00",
        "0.00",
    ]


@law
@given(
    price=st.integers(0, 50_000_000).map(lambda cents: Decimal(cents) / 100),
    life=st.integers(1, 48),
    residual=st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100),
    nodes=st.integers(1, 3),
    spares=st.integers(0, 2),
)
def test_depreciation_and_residual_add_to_what_was_paid(
    price: Decimal, life: int, residual: Decimal, nodes: int, spares: int
) -> None:
    cost = owned(purchase_price_per_node=str(price), useful_life_months=life, residual_fraction=str(residual))
    fleet = {"nodes": nodes, "scaling": {"policy": "fixed", "spare_nodes": spares}}
    total = answer(a_costed_plan(cost, months=60, fleet=fleet))["total"]
    paid = price * (nodes + spares)
    assert Decimal(total["billed"]["mean"]) == paid
    assert abs(Decimal(total["effective"]["mean"]) + paid * residual - paid) <= Decimal("0.0051")


def test_nothing_is_depreciated_before_service_or_after_the_life() -> None:
    """In service within April: April is the first of six full months."""
    cost = owned(purchase_price_per_node="6000", purchased="2027-02-20", in_service="2027-04-17", useful_life_months=6)
    kinds = by_kind(a_costed_plan(cost))
    assert kinds["depreciation"] == ["0.00"] * 3 + ["1000.00"] * 6 + ["0.00"] * 3
    assert kinds["purchase"] == ["0.00"] * 12
    assert by_kind(a_costed_plan(cost), "billed")["purchase"] == ["0.00", "6000.00"] + ["0.00"] * 10


def test_running_costs_start_with_service_and_outlast_depreciation() -> None:
    cost = owned(
        purchase_price_per_node="0",
        in_service="2027-03-01",
        useful_life_months=2,
        hosting_per_node_year="1200",
        licence_per_gpu_year="12",
        operations_per_month="7.50",
    )
    kinds = by_kind(a_costed_plan(cost, months=6, fleet={"nodes": 2}))
    assert kinds["hosting"] == ["0.00"] * 2 + ["200.00"] * 4
    assert kinds["licence"] == ["0.00"] * 2 + ["16.00"] * 4
    # Operations are the fleet's, however many nodes it has.
    assert kinds["operations"] == ["0.00"] * 2 + ["7.50"] * 4


def test_a_purchase_before_the_horizon_is_not_billed_again() -> None:
    cost = owned(purchased="2026-07-01", in_service="2026-07-01", purchase_price_per_node="3600", useful_life_months=12)
    document = a_costed_plan(cost)
    assert monthly(document, "billed") == ["0.00"] * 12
    # Six of its twelve months of life are left.
    assert monthly(document, "effective") == ["300.00"] * 6 + ["0.00"] * 6


def test_a_node_serves_from_the_month_of_its_service_on() -> None:
    plan = a_costed_plan(owned(in_service="2027-02-01"), months=3)
    workload = a_workload(to=[to_fleet()])
    months = answer(plan | {"workloads": [workload]})["fleets"][0]["months"]
    assert [month["nodes"]["mean"] for month in months] == [0, 1, 1]
    assert [month["tokens_served"] for month in months] == [0, 5e8, 5e8]
    assert [month["unserved_tokens"] for month in months] == [5e8, 0, 0]


def powered(**fields: Any) -> dict[str, Any]:
    return owned(
        purchase_price_per_node="0",
        power_kw_per_node=10.2,
        idle_power_fraction=0.4,
        pue=1.3,
        electricity_per_kwh="0.11",
        **fields,
    )


def test_power_is_paid_for_the_busy_share_and_for_idling() -> None:
    """A quarter busy, a node draws 0.4 + 0.6 x 0.25 of 10.2 kW; the spare one idles."""
    workload = a_workload(to=[to_fleet()], requests_per_month=0.25 * 2 * 10.368e9, output_tokens_per_request=1)
    fleet = {"nodes": 2, "scaling": {"policy": "fixed", "spare_nodes": 1}}
    document = a_costed_plan(powered(), months=1, fleet=fleet, workloads=[workload])
    kwh = (
        (2 * (Decimal("0.4") + Decimal("0.6") * Decimal("0.25")) + Decimal("0.4"))
        * Decimal("10.2")
        * 720
        * Decimal("1.3")
    )
    assert by_kind(document)["power"] == [f"{kwh * Decimal('0.11'):.2f}"] == ["1575.29"]
    power = [series for series in budget_of(document).lines.series if series.kind == "power"]
    assert sum(series.quantity[0] for series in power) == pytest.approx(float(kwh))
    assert {series.unit for series in power} == {"kWh"}


def test_an_idle_node_draws_its_idle_share_over_the_hours_of_the_month() -> None:
    document = a_costed_plan(powered(), months=2, calendar="actual", first_month="2028-01")
    assert by_kind(document)["power"] == [
        f"{Decimal('0.4') * Decimal('10.2') * Decimal('1.3') * hours * Decimal('0.11'):.2f}" for hours in (744, 29 * 24)
    ]


def test_a_purchase_belongs_to_no_workload_and_depreciation_to_those_who_use_the_node() -> None:
    workload = a_workload(to=[to_fleet()], requests_per_month=0.5 * 10.368e9, output_tokens_per_request=1)
    cost = owned(purchase_price_per_node="3600")
    accounts = {"depreciation": "6810", "purchase": "1510"}
    budget = budget_of(a_costed_plan(cost, months=1, fleet={"gl_accounts": accounts}, workloads=[workload]))
    lines = {
        (series.kind, series.workload, series.gl_account): (billed[0], effective[0])
        for series, billed, effective in zip(
            budget.lines.series, budget.lines.billed.tolist(), budget.lines.effective.tolist(), strict=True
        )
    }
    assert lines == {
        ("purchase", None, "1510"): (360_000, 0),
        ("depreciation", "chat", "6810"): (0, 5000),
        ("depreciation", None, "6810"): (0, 5000),
    }


def test_a_budget_can_be_made_of_what_is_billed() -> None:
    document = a_costed_plan(owned(), budget_basis="billed")
    assert answer(document)["total"]["budget"] == {
        "basis": "billed",
        "confidence": 0.8,
        "amount": "370000.00",
        "expected": "370000.00",
        "contingency": "0.00",
    }


def test_a_price_paid_in_another_currency_is_fixed_when_it_is_paid() -> None:
    """Half a euro a dollar in January and a quarter from February: the purchase and its depreciation keep January's."""
    rates = [
        {"currency": "EUR", "per": "USD", "rate": "0.5", "from": "2026-01-01"},
        {"currency": "EUR", "per": "USD", "rate": "0.25", "from": "2027-02-01"},
    ]
    cost = owned(purchase_price_per_node="3600", hosting_per_node_year="120")
    document = a_costed_plan(cost, months=2, fleet={"currency": "EUR"}, exchange_rates=rates, prices=[a_price()])
    assert by_kind(document)["depreciation"] == ["200.00", "200.00"]
    assert by_kind(document)["hosting"] == ["20.00", "40.00"]
    assert by_kind(document, "billed")["purchase"] == ["7200.00", "0.00"]
