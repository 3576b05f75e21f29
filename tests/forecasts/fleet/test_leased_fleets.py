"""Leased nodes: paid as the lease says, expensed by straight line over its term."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_workload, answer, law, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, by_kind


def leased(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "leased",
        "payment_per_node_month": "9000",
        "starts": "2027-01-01",
        "ends": "2029-12-31",
    } | fields


def test_a_level_lease_is_billed_and_expensed_alike() -> None:
    document = a_costed_plan(leased(), months=3, fleet={"nodes": 2, "scaling": {"spare_nodes": 1}})
    assert by_kind(document)["lease"] == by_kind(document, "billed")["lease"] == ["27000.00"] * 3


def test_rent_free_months_are_expensed_and_not_billed() -> None:
    """Twelve months, of which two are free: 10 x 9,000 over 12."""
    document = a_costed_plan(leased(ends="2027-12-31", rent_free_months=2))
    assert by_kind(document, "billed")["lease"] == ["0.00"] * 2 + ["9000.00"] * 10
    assert by_kind(document)["lease"] == ["7500.00"] * 12


def test_a_payment_rises_with_each_year_of_the_term() -> None:
    """Three years at 1,000, 1,100 and 1,210 a month: 1,103.33 is expensed."""
    cost = leased(payment_per_node_month="1000", escalation_fraction_per_year="0.1")
    document = a_costed_plan(cost, months=36)
    assert by_kind(document, "billed")["lease"] == ["1000.00"] * 12 + ["1100.00"] * 12 + ["1210.00"] * 12
    expensed = [Decimal(amount) for amount in by_kind(document)["lease"]]
    assert {abs(amount - Decimal(3310) / 3) <= Decimal("0.01") for amount in expensed} == {True}
    assert sum(expensed) == 12 * (1000 + 1100 + 1210)


def test_nodes_serve_in_the_months_of_the_lease_alone() -> None:
    document = a_costed_plan(
        leased(starts="2027-02-01", ends="2027-03-31"), months=4, workloads=[a_workload(to=[to_fleet()])]
    )
    months = answer(document)["fleets"][0]["months"]
    assert [month["nodes"]["mean"] for month in months] == [0, 1, 1, 0]
    assert [month["unserved_tokens"] for month in months] == [5e8, 0, 0, 5e8]


def test_a_lease_within_months_is_paid_for_its_days() -> None:
    document = a_costed_plan(leased(starts="2027-04-16", ends="2027-06-15"), first_month="2027-04", months=3)
    assert by_kind(document, "billed")["lease"] == ["4500.00", "9000.00", "4500.00"]


@law
@given(
    cents=st.integers(0, 2_000_000),
    start=st.dates(min_value=date(2027, 1, 1), max_value=date(2028, 1, 1)),
    days=st.integers(0, 1000),
    free=st.integers(0, 12),
    escalation=st.sampled_from(["0", "0.03", "0.5"]),
)
def test_a_whole_lease_costs_what_is_paid_for_it(
    cents: int, start: date, days: int, free: int, escalation: str
) -> None:
    ends = start + timedelta(days=days)
    cost = leased(
        payment_per_node_month=str(Decimal(cents) / 100),
        starts=start.isoformat(),
        ends=ends.isoformat(),
        rent_free_months=min(free, days // 31),
        escalation_fraction_per_year=escalation,
    )
    total = answer(a_costed_plan(cost, months=60))["total"]
    assert total["effective"]["mean"] == total["billed"]["mean"]
