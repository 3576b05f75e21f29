"""Owned fleets under a monthly policy: ordered as planned, limited to what has arrived."""

from decimal import Decimal
from typing import Any

import pytest

from tests.forecasts.estates import a_workload, answer, money, pointers, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, by_kind, owned, register

GROWTH = {"purchase_price_per_node": "3600"}


def growing(*, lead: int = 2, growth: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """One node from before the horizon, and 3,600 for each more; a fleet without demand of its own."""
    cost = owned(
        purchase_price_per_node="0",
        purchased="2026-01-01",
        in_service="2026-01-01",
        growth=GROWTH if growth is None else growth,
    )
    scaling = {"policy": "monthly", "lead_time_months": lead}
    return a_costed_plan(cost | fields.pop("cost", {}), fleet={"scaling": scaling}, months=8) | fields


def needing(nodes: float, *, then: float | None = None) -> dict[str, Any]:
    """A steady need in nodes' worth of work, that changes in June if asked."""
    steps = [] if then is None else [{"from": "2027-06", "factor": then / nodes}]
    return a_workload(to=[to_fleet()], requests_per_month=nodes * 10.368e9, output_tokens_per_request=1, steps=steps)


def months_of(document: dict[str, Any], figure: str) -> list[Any]:
    months = answer(document)["fleets"][0]["months"]
    return [month[figure]["mean"] if isinstance(month[figure], dict) else month[figure] for month in months]


def test_a_planned_step_is_ordered_and_paid_for_ahead() -> None:
    document = growing(workloads=[needing(0.9, then=2.5)])
    assert months_of(document, "nodes") == [1] * 5 + [3] * 3
    assert by_kind(document, "billed")["purchase"] == ["0.00"] * 3 + ["7200.00"] + ["0.00"] * 4
    # 2 x 3,600 over 36 months.
    assert by_kind(document)["depreciation"] == ["0.00"] * 5 + ["200.00"] * 3
    assert [row["nodes"] for row in register(document) if row["asset"] == "growth"] == [0] * 5 + [2] * 3


def test_a_purchase_may_be_invoiced_later_than_it_is_ordered() -> None:
    document = growing(growth=GROWTH | {"lead_time_months": 0}, workloads=[needing(0.9, then=2.5)])
    assert by_kind(document, "billed")["purchase"] == ["0.00"] * 5 + ["7200.00"] + ["0.00"] * 2


def test_what_is_missing_at_the_start_arrives_after_the_lead_time() -> None:
    document = growing(workloads=[needing(2)])
    assert months_of(document, "nodes") == [1, 1] + [2] * 6
    assert months_of(document, "unserved_tokens") == [pytest.approx(10.368e9, abs=1)] * 2 + [0] * 6
    assert by_kind(document, "billed")["purchase"] == ["3600.00"] + ["0.00"] * 7


def test_a_node_that_is_no_longer_needed_is_kept_and_idle() -> None:
    document = growing(workloads=[needing(2, then=0.5)])
    assert months_of(document, "nodes") == [1, 1, 2, 2, 2, 1, 1, 1]
    assert by_kind(document)["depreciation"] == ["0.00"] * 2 + ["100.00"] * 6
    assert [row["nodes"] for row in register(document) if row["asset"] == "growth"] == [0, 0] + [1] * 6


def test_a_node_that_is_sold_is_replaced_where_it_is_still_needed() -> None:
    """The declared node is sold in May and the need for one stays, so that growth orders one in March."""
    document = growing(workloads=[needing(0.9)], cost={"disposal": {"on": "2027-05-01"}})
    assert months_of(document, "nodes") == [1] * 8
    assert by_kind(document, "billed")["purchase"] == ["0.00"] * 2 + ["3600.00"] + ["0.00"] * 5


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (growing(growth={"purchase_price_per_node": "-1"}), "/growth/purchase_price_per_node"),
        (growing(growth=GROWTH | {"lead_time_months": 3}), "/growth/lead_time_months"),
        (growing(growth=GROWTH | {"residual_fraction": "2"}), "/growth/residual_fraction"),
        (growing(growth=GROWTH | {"useful_life_months": 0}), "/growth/useful_life_months"),
        (growing(cost={"growth": None}), "/growth"),
    ],
)
def test_growth_that_cannot_be_is_a_problem_of_its_field(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [f"/fleets/0/cost{pointer}"]


@pytest.mark.parametrize(("growth_price", "spared"), [("36000", "0.00"), ("72000", "2880.00")])
def test_a_spare_takes_its_part_of_the_wear_off_the_nodes_that_were_bought(growth_price: str, spared: str) -> None:
    """Three busy nodes have 17,280 hours in eight months; one wears at 1 an hour, two of growth at 1 or at 2.

    At 2, thirds cost 5,760 + 2 * 11,520 = 28,800. A spare at 1 makes quarters of them: 2 * 4,320 + 2 * 8,640 = 25,920.
    """
    by_use = {
        "method": "units_of_production",
        "production": {"unit": "busy_node_hours", "total_per_node": 36000, "before_horizon_per_node": 0},
        "purchase_price_per_node": "36000",
        "useful_life_months": 600,
    }
    scaling = {"policy": "monthly", "lead_time_months": 0}

    def costing(spares: int) -> tuple[Decimal, Decimal]:
        growth = {"purchase_price_per_node": growth_price}
        document = growing(growth=growth, cost=by_use, workloads=[needing(3)])
        fleet = document["fleets"][0] | {"nodes": 1, "scaling": scaling | {"spare_nodes": spares}}
        totals = answer(document | {"fleets": [fleet]})["total"]
        return money(totals["effective"]["mean"]), money(totals["billed"]["mean"])

    (alone, billed_alone), (with_a_spare, billed_with_a_spare) = costing(0), costing(1)
    assert alone - with_a_spare == money(spared)
    assert billed_with_a_spare == billed_alone
