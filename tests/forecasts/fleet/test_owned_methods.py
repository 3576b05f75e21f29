"""Owned fleets by method, convention, tranche and disposal, as lines of the forecast."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_workload, answer, headline, law, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, a_tranche, by_kind, in_tranches, owned

METHODS = ["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"]


def yearly(document: dict[str, Any]) -> list[str]:
    return [year["effective"]["mean"] for year in answer(document)["annual"]]


def test_double_declining_balance_switches_to_straight_line_within_the_forecast() -> None:
    """10,000 over five years as in test_depreciation_tables."""
    cost = owned(purchase_price_per_node="10000", useful_life_months=60, method="declining_balance")
    assert yearly(a_costed_plan(cost, months=60)) == ["4000.00", "2400.00", "1440.00", "1080.00", "1080.00"]


def test_sum_of_years_digits_is_spread_over_the_months_of_each_year_of_life() -> None:
    """900 over two years from October: 600 in the first twelve months, so 150 by the end of the calendar year."""
    cost = owned(
        purchase_price_per_node="900",
        purchased="2027-10-20",
        in_service="2027-10-20",
        useful_life_months=24,
        method="sum_of_years_digits",
    )
    assert yearly(a_costed_plan(cost, months=36)) == ["150.00", "525.00", "225.00"]


def test_a_mid_month_starts_and_ends_a_life_with_half_a_month() -> None:
    cost = owned(
        purchase_price_per_node="600",
        purchased="2027-02-01",
        in_service="2027-02-01",
        useful_life_months=3,
        convention="mid_month",
    )
    document = a_costed_plan(cost, months=6)
    assert by_kind(document)["depreciation"] == ["0.00", "100.00", "200.00", "200.00", "100.00", "0.00"]


def busy_half_the_time(tokens: float = 0.5 * 10.368e9) -> dict[str, Any]:
    """By default half of what a node of 4,000 tokens a second makes in a month of 720 hours."""
    return a_workload(to=[to_fleet()], requests_per_month=tokens, output_tokens_per_request=1)


@pytest.mark.parametrize(
    "production",
    [
        {"unit": "output_tokens", "total_per_node": 10 * 5.184e9},
        {"unit": "busy_node_hours", "total_per_node": 10 * 360},
    ],
)
def test_units_of_production_follow_use_and_are_trued_up_in_the_last_month(production: dict[str, Any]) -> None:
    """A tenth of the units is used in each of four months of life: the last bears what is left."""
    cost = owned(
        purchase_price_per_node="1000", useful_life_months=4, method="units_of_production", production=production
    )
    document = a_costed_plan(cost, months=6, workloads=[busy_half_the_time()])
    assert by_kind(document)["depreciation"] == ["100.00"] * 3 + ["700.00", "0.00", "0.00"]


def test_units_of_production_end_with_the_units() -> None:
    production = {"unit": "busy_node_hours", "total_per_node": 900}
    cost = owned(
        purchase_price_per_node="1000",
        residual_fraction="0.1",
        method="units_of_production",
        production=production,
    )
    document = a_costed_plan(cost, months=4, workloads=[busy_half_the_time()])
    assert by_kind(document)["depreciation"] == ["360.00", "360.00", "180.00", "0.00"]


def test_what_was_produced_before_the_horizon_is_written_off_already() -> None:
    production = {"unit": "busy_node_hours", "total_per_node": 900, "before_horizon_per_node": 500}
    cost = owned(
        purchase_price_per_node="900",
        purchased="2026-01-01",
        in_service="2026-01-01",
        method="units_of_production",
        production=production,
    )
    document = a_costed_plan(cost, months=3, workloads=[busy_half_the_time()])
    assert by_kind(document)["depreciation"] == ["360.00", "40.00", "0.00"]


def test_tranches_are_billed_and_written_off_each_from_its_own_month() -> None:
    cost = in_tranches(
        a_tranche(2, "2027-01-01", "3600"),
        a_tranche(1, "2027-03-01", "2400", useful_life_months=24, residual_fraction="0.5"),
    )
    document = a_costed_plan(cost, months=4, fleet={"nodes": 3})
    assert by_kind(document, "billed")["purchase"] == ["7200.00", "0.00", "2400.00", "0.00"]
    assert by_kind(document)["depreciation"] == ["200.00", "200.00", "250.00", "250.00"]
    assert [month["nodes"]["mean"] for month in answer(document)["fleets"][0]["months"]] == [2, 2, 3, 3]


def test_a_sale_bills_its_proceeds_and_expenses_what_they_miss() -> None:
    """Sold in April after three of twelve months: 900 of the 1,200 are left, and 700 are paid for them."""
    cost = owned(
        purchase_price_per_node="1200",
        useful_life_months=12,
        disposal={"on": "2027-04-20", "proceeds_per_node": "700"},
    )
    document = a_costed_plan(cost, months=5)
    assert by_kind(document)["depreciation"] == ["100.00"] * 3 + ["0.00"] * 2
    assert by_kind(document)["disposal"] == ["0.00"] * 3 + ["200.00", "0.00"]
    assert by_kind(document, "billed")["disposal"] == ["0.00"] * 3 + ["-700.00", "0.00"]
    assert [month["nodes"]["mean"] for month in answer(document)["fleets"][0]["months"]] == [1, 1, 1, 0, 0]


def test_a_sale_above_the_book_value_is_a_gain() -> None:
    cost = owned(
        purchase_price_per_node="1200",
        useful_life_months=12,
        convention="mid_month",
        disposal={"on": "2027-04-01", "proceeds_per_node": "1000"},
    )
    document = a_costed_plan(cost, months=4)
    # Half a month in January and half in April: three months of life.
    assert by_kind(document)["depreciation"] == ["50.00", "100.00", "100.00", "50.00"]
    assert by_kind(document)["disposal"] == ["0.00"] * 3 + ["-100.00"]


def test_running_costs_end_with_the_last_node() -> None:
    cost = owned(hosting_per_node_year="1200", operations_per_month="7", disposal={"on": "2027-03-05"})
    kinds = by_kind(a_costed_plan(cost, months=4))
    assert kinds["hosting"] == ["100.00"] * 2 + ["0.00"] * 2
    assert kinds["operations"] == ["7.00"] * 2 + ["0.00"] * 2


def test_a_spare_is_missing_before_a_serving_node_is() -> None:
    cost = in_tranches(a_tranche(2, "2027-01-01", "1"), a_tranche(1, "2027-02-01", "1"))
    fleet = {"nodes": 2, "scaling": {"spare_nodes": 1}}
    document = a_costed_plan(cost, months=2, fleet=fleet, workloads=[busy_half_the_time()])
    months = answer(document)["fleets"][0]["months"]
    assert [month["nodes"]["mean"] for month in months] == [2, 3]
    assert [month["utilization_fraction"] for month in months] == [0.25, 0.25]


@law
@given(
    price=st.integers(0, 50_000_000).map(lambda cents: Decimal(cents) / 100),
    life=st.integers(1, 4).map(lambda years: 12 * years),
    residual=st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100),
    method=st.sampled_from(METHODS),
    convention=st.sampled_from(["full_month", "mid_month"]),
    proceeds=st.integers(0, 1_000_000).map(lambda cents: Decimal(cents) / 100),
    sold=st.sampled_from(["2027-01-31", "2028-07-15", "2031-11-01"]),
    nodes=st.integers(1, 3),
)
def test_an_asset_that_was_bought_and_sold_costs_by_accrual_what_it_cost_in_cash(
    price: Decimal,
    life: int,
    residual: Decimal,
    method: str,
    convention: str,
    proceeds: Decimal,
    sold: str,
    nodes: int,
) -> None:
    cost = owned(
        purchase_price_per_node=str(price),
        useful_life_months=life,
        residual_fraction=str(residual),
        method=method,
        convention=convention,
        disposal={"on": sold, "proceeds_per_node": str(proceeds)},
    )
    if method == "units_of_production":
        cost["production"] = {"unit": "output_tokens", "total_per_node": 40 * 10.368e9}
    document = a_costed_plan(cost, months=60, fleet={"nodes": nodes}, workloads=[busy_half_the_time()])
    total = answer(document | {"draws": 16})["total"]
    assert total["effective"]["mean"] == total["billed"]["mean"] == f"{nodes * (price - proceeds):.2f}"


def test_nodes_that_wear_by_tokens_wear_more_where_a_decoder_lets_them_serve_more() -> None:
    """A flooded node serves half as much again: a third of its life a month instead of two ninths."""
    production = {"unit": "output_tokens", "total_per_node": 3 * 1.5 * 10.368e9}
    cost = owned(purchase_price_per_node="900", method="units_of_production", production=production)
    flood = busy_half_the_time(100 * 10.368e9)
    plain, quicker = (
        by_kind(a_costed_plan(cost, months=1, fleet={"decoder": decoder}, workloads=[flood]))["depreciation"]
        for decoder in ({"preset": "none"}, headline(1.5))
    )
    assert (plain, quicker) == (["200.00"], ["300.00"])
