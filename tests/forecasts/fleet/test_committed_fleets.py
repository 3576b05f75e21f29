"""Committed nodes: a floor that is paid whatever runs, upfront amounts over their terms, and on demand above."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_workload, answer, budget_of, law, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, by_kind, of_meter


def committed(*layers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"kind": "committed", "commitments": list(layers), "on_demand_rate_per_node_hour": "55.04"} | fields


def a_layer(nodes: int = 4, rate: str = "23.80", **fields: Any) -> dict[str, Any]:
    return {"nodes": nodes, "rate_per_node_hour": rate, "starts": "2027-01-01", "ends": "2029-12-31"} | fields


def test_six_nodes_on_a_commitment_of_four_pay_for_two_on_demand() -> None:
    kinds = by_kind(a_costed_plan(committed(a_layer()), months=2, fleet={"nodes": 5, "scaling": {"spare_nodes": 1}}))
    assert kinds == {
        "commitment": [f"{4 * 720 * Decimal('23.80'):.2f}"] * 2,
        "on_demand": [f"{2 * 720 * Decimal('55.04'):.2f}"] * 2,
    }


def test_layers_add_up_and_each_lasts_for_its_own_term() -> None:
    """Nodes 3; one committed throughout, two more in February and March alone."""
    layers = [a_layer(1, "20"), a_layer(2, "30", starts="2027-02-01", ends="2027-03-31")]
    kinds = by_kind(a_costed_plan(committed(*layers), months=4, fleet={"nodes": 3}))
    assert kinds["commitment"] == [f"{720 * rate}.00" for rate in (20, 80, 80, 20)]
    alone = f"{2 * 720 * Decimal('55.04'):.2f}"
    assert kinds["on_demand"] == [alone, "0.00", "0.00", alone]


def test_a_commitment_that_ends_within_a_month_is_paid_for_its_days() -> None:
    """April has 30 days, ten of them committed: two nodes run, of which one commitment of four would cover both."""
    cost = committed(a_layer(4, "10", ends="2027-04-10"))
    kinds = by_kind(a_costed_plan(cost, first_month="2027-04", months=1, fleet={"nodes": 2}))
    assert kinds["commitment"] == [f"{4 * 240 * 10}.00"]
    assert kinds["on_demand"] == [f"{2 * 480 * Decimal('55.04'):.2f}"]


def test_the_rate_on_demand_may_change_on_a_day() -> None:
    rates = [
        {"from": "2026-01-01", "rate_per_node_hour": "60"},
        {"from": "2027-04-16", "rate_per_node_hour": "30"},
    ]
    cost = committed(a_layer(1), on_demand_rates=rates, on_demand_rate_per_node_hour=None)
    kinds = by_kind(a_costed_plan(cost, first_month="2027-04", months=2, fleet={"nodes": 2}))
    assert kinds["on_demand"] == [f"{360 * 60 + 360 * 30}.00", f"{720 * 30}.00"]


def test_an_upfront_amount_is_billed_once_and_amortised_over_the_term() -> None:
    document = a_costed_plan(
        committed(a_layer(rate="0", upfront="36000", starts="2027-02-01", ends="2028-01-31", invoiced="2027-01-15")),
        months=14,
        fleet={"nodes": 4},
    )
    assert by_kind(document, "billed")["upfront"] == ["36000.00"] + ["0.00"] * 13
    assert by_kind(document)["amortization"] == ["0.00"] + ["3000.00"] * 12 + ["0.00"]
    assert by_kind(document)["upfront"] == ["0.00"] * 14


def test_a_term_that_began_before_the_horizon_has_its_rest_amortised() -> None:
    layer = a_layer(rate="0", upfront="36000", starts="2026-07-01", ends="2027-06-30")
    document = a_costed_plan(committed(layer), months=12, fleet={"nodes": 4})
    assert by_kind(document)["amortization"] == ["3000.00"] * 6 + ["0.00"] * 6
    assert by_kind(document, "billed")["upfront"] == ["0.00"] * 12


def test_part_months_of_a_term_bear_their_days() -> None:
    """From 16 April to 15 June: half of April, May, half of June."""
    layer = a_layer(rate="0", upfront="6000", starts="2027-04-16", ends="2027-06-15")
    document = a_costed_plan(committed(layer), first_month="2027-04", months=3, fleet={"nodes": 4})
    assert by_kind(document)["amortization"] == ["1500.00", "3000.00", "1500.00"]


@law
@given(
    cents=st.integers(0, 50_000_000),
    starts=st.dates(min_value=date(2027, 1, 1), max_value=date(2028, 6, 1)),
    days=st.integers(0, 1200),
    invoiced_after=st.integers(-30, 30),
    nodes=st.integers(1, 3),
)
def test_a_whole_commitment_costs_by_accrual_what_is_invoiced(
    cents: int, starts: date, days: int, invoiced_after: int, nodes: int
) -> None:
    ends = starts + timedelta(days=days)
    invoiced = min(max(starts + timedelta(days=invoiced_after), date(2027, 1, 1)), ends)
    layer = a_layer(nodes, upfront=f"{cents / 100:.2f}", starts=f"{starts}", ends=f"{ends}")
    if cents:
        layer["invoiced"] = f"{invoiced}"
    total = answer(a_costed_plan(committed(layer, on_demand_rate_per_node_hour="0"), months=60))["total"]
    assert total["effective"]["mean"] == total["billed"]["mean"]


def test_what_is_committed_and_does_not_run_is_idle_cost() -> None:
    """One node runs, busy half the time, of four committed: an eighth of floor and amortisation is used."""
    layer = a_layer(rate="10", upfront="36000", ends="2027-12-31")
    workload = a_workload(to=[to_fleet()], requests_per_month=0.5 * 10.368e9, output_tokens_per_request=1)
    document = a_costed_plan(committed(layer), months=1, workloads=[workload])
    floor, amortised = 4 * 720 * 10 * 100, 300_000
    assert of_meter(document, "commitment", "used") == [floor / 8]
    assert of_meter(document, "commitment", "idle") == [floor * 7 / 8]
    assert of_meter(document, "amortization", "used") == [amortised / 8]
    assert of_meter(document, "amortization", "idle") == [amortised * 7 / 8]


def test_a_prepaid_amount_keeps_the_exchange_rate_of_its_invoice() -> None:
    rates = [
        {"currency": "EUR", "per": "USD", "rate": "0.5", "from": "2026-01-01"},
        {"currency": "EUR", "per": "USD", "rate": "0.25", "from": "2027-02-01"},
    ]
    layer = a_layer(1, "1", upfront="1200", ends="2027-12-31")
    document = a_costed_plan(committed(layer), months=2, fleet={"currency": "EUR"}, exchange_rates=rates)
    assert by_kind(document)["amortization"] == ["200.00", "200.00"]
    assert by_kind(document)["commitment"] == ["1440.00", "2880.00"]


def test_hired_nodes_book_to_the_rental_account_unless_they_have_their_own() -> None:
    accounts = {"rental": "6420", "on_demand": "6421", "other": "6490"}
    document = a_costed_plan(
        committed(a_layer(1, upfront="10"), hosting_per_node_year="12"),
        months=1,
        fleet={"nodes": 2, "gl_accounts": accounts},
    )
    assert {series.kind: series.gl_account for series in budget_of(document).lines.series} == {
        "commitment": "6420",
        "on_demand": "6421",
        "amortization": "6420",
        "upfront": "",
        "hosting": "6490",
    }


def test_any_kind_of_cost_may_run_up_hosting_and_power() -> None:
    cost = committed(a_layer(), hosting_per_node_year="1200", power_kw_per_node=10, electricity_per_kwh="0.10")
    kinds = by_kind(a_costed_plan(cost | {"idle_power_fraction": 0.5}, months=1, fleet={"nodes": 4}))
    assert kinds["hosting"] == ["400.00"]
    assert kinds["power"] == [f"{4 * 0.5 * 10 * 720 * 0.1:.2f}"]


@pytest.mark.parametrize("nodes", [1, 4, 9])
def test_a_commitment_costs_less_than_on_demand_only_for_nodes_that_run(nodes: int) -> None:
    plain = {"kind": "rented", "rate_per_node_hour": "55.04"}
    totals = [
        Decimal(answer(a_costed_plan(cost, months=1, fleet={"nodes": nodes}))["total"]["effective"]["mean"])
        for cost in (committed(a_layer()), plain)
    ]
    saved = (min(nodes, 4) * Decimal("55.04") - 4 * Decimal("23.80")) * 720
    assert totals[1] - totals[0] == saved
