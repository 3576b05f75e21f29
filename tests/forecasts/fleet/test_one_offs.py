"""Single amounts of a fleet, and training runs that are paid for by the GPU-hour."""

from typing import Any

import pytest

from tests.forecasts.estates import budget_of
from tests.forecasts.fleet.costed import a_costed_plan, by_kind, owned

RENTED_DEARER_FROM_APRIL = {
    "kind": "rented",
    "rates": [
        {"from": "2026-01-01", "rate_per_node_hour": "24.00"},
        {"from": "2027-04-01", "rate_per_node_hour": "32.00"},
    ],
}
COMMITTED = {
    "kind": "committed",
    "commitments": [{"nodes": 1, "rate_per_node_hour": "8", "starts": "2027-01-01", "ends": "2027-12-31"}],
    "on_demand_rate_per_node_hour": "40.00",
}


def a_training_run(month: str = "2027-02", **fields: Any) -> dict[str, Any]:
    return {"month": month, "what": "draft retraining", "gpu_hours": 480} | fields


@pytest.mark.parametrize(
    ("cost", "month", "amount"),
    [
        # 480 GPU-hours are 60 hours of a node of eight.
        (RENTED_DEARER_FROM_APRIL, "2027-03", "1440.00"),
        (RENTED_DEARER_FROM_APRIL, "2027-04", "1920.00"),
        (COMMITTED, "2027-03", "2400.00"),
    ],
)
def test_a_training_run_costs_its_hours_at_what_a_gpu_is_hired_for(
    cost: dict[str, Any], month: str, amount: str
) -> None:
    document = a_costed_plan(cost, months=4, fleet={"one_offs": [a_training_run(month)]})
    assert [paid for paid in by_kind(document)["one_off"] if paid != "0.00"] == [amount]
    assert by_kind(document)["one_off"] == by_kind(document, "billed")["one_off"]


def test_a_stated_amount_is_what_a_training_run_costs() -> None:
    document = a_costed_plan(owned(), months=3, fleet={"one_offs": [a_training_run(amount="12000")]})
    assert by_kind(document)["one_off"] == ["0.00", "12000.00", "0.00"]


def test_the_quantity_of_a_training_run_is_gpu_hours_and_of_anything_else_one() -> None:
    one_offs = [a_training_run(amount="1"), {"month": "2027-03", "amount": "5", "what": "network upgrade"}]
    lines = [
        (series.unit, series.workload, series.quantity.tolist())
        for series in budget_of(a_costed_plan(owned(), months=3, fleet={"one_offs": one_offs})).lines.series
        if series.kind == "one_off"
    ]
    assert lines == [("GPU-Hours", None, [0, 480, 0]), ("Each", None, [0, 0, 1])]


def test_a_one_off_outside_the_horizon_costs_nothing_in_it() -> None:
    one_offs = [a_training_run("2026-12"), a_training_run("2027-04")]
    kinds = by_kind(a_costed_plan(COMMITTED, months=3, fleet={"one_offs": one_offs}))
    assert "one_off" not in kinds
