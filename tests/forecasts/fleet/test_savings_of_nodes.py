"""A decoder saves money through fewer nodes, later growth or less overflow; everything else is headroom in tokens."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import LARGE, a_fleet, a_plan, a_workload, answer, headline, law, to_fleet
from tests.forecasts.generated import plans, scalings

NODE_MONTH = 10.368e9
# A node at 25.00 an hour for 720 hours.
NODE_COST = 18_000


def outcome(speedup: float, scaling: dict[str, Any], *, months: int = 1, **demand: Any) -> Any:
    workload = a_workload(to=[to_fleet()], output_tokens_per_request=1, **demand)
    fleet = a_fleet(scaling=scaling, decoder=headline(speedup), nodes=2, overflow_to={"model": LARGE})
    horizon = {"first_month": "2027-01", "months": months}
    return answer(a_plan(workload, fleets=[fleet], horizon=horizon))["fleets"][0]


def saving(fleet: Any) -> str:
    mean: str = fleet["decoder"]["saving"]["mean"]
    return mean


def test_a_fixed_fleet_saves_nothing_and_gains_headroom() -> None:
    fleet = outcome(1.6, {"policy": "fixed"}, requests_per_month=1.5 * NODE_MONTH)
    assert saving(fleet) == "0.00"
    assert fleet["months"][0]["headroom_tokens"] == pytest.approx((2 * 1.6 - 1.5) * NODE_MONTH, rel=1e-9)


@pytest.mark.parametrize("policy", ["monthly", "hourly"])
def test_a_speedup_that_removes_no_whole_node_saves_nothing(policy: str) -> None:
    """1.5 nodes of work become 1.25, which still take two."""
    fleet = outcome(1.2, {"policy": policy}, requests_per_month=1.5 * NODE_MONTH)
    assert saving(fleet) == "0.00"
    assert fleet["months"][0]["headroom_tokens"] == pytest.approx((2 * 1.2 - 1.5) * NODE_MONTH, rel=1e-9)


@pytest.mark.parametrize("policy", ["monthly", "hourly"])
def test_a_speedup_that_removes_a_whole_node_saves_its_cost(policy: str) -> None:
    """1.5 nodes of work become 0.94."""
    fleet = outcome(1.6, {"policy": policy}, requests_per_month=1.5 * NODE_MONTH)
    assert saving(fleet) == f"{NODE_COST}.00"
    assert fleet["months"][0]["nodes"]["mean"] == 1


def test_growth_that_comes_later_saves_the_months_between() -> None:
    """Needs of 0.8, 1.2, 1.8 and 2.7 nodes, and at a speedup of 1.5 of 0.53, 0.8, 1.2 and 1.8."""
    fleet = outcome(1.5, {"policy": "monthly"}, months=4, requests_per_month=0.8 * NODE_MONTH, monthly_growth=0.5)
    assert [month["nodes"]["mean"] for month in fleet["months"]] == [1, 1, 2, 2]
    assert saving(fleet) == f"{(0 + 1 + 0 + 1) * NODE_COST}.00"


def test_hours_that_need_fewer_nodes_save_their_cost() -> None:
    """2.25 and 0.75 nodes by day and night take 3 and 1; at 1.5 they are 1.5 and 0.5, which take 2 and 1."""
    profile = [0.5] * 12 + [1.5] * 12
    fleet = outcome(1.5, {"policy": "hourly"}, requests_per_month=1.5 * NODE_MONTH, hourly_profile=profile)
    assert saving(fleet) == f"{NODE_COST // 2}.00"


def test_overflow_that_shrinks_saves_its_price() -> None:
    """3 nodes of work on at most 2: at 1.2 they are 2.5, so that a third and a fifth overflow, at 2.00 per million."""
    scaling = {"policy": "monthly", "max_nodes": 2}
    fleet = outcome(1.2, scaling, requests_per_month=3 * NODE_MONTH)
    assert float(saving(fleet)) == pytest.approx((1 / 3 - 1 / 5) * 3 * NODE_MONTH * 2e-6, abs=0.01)


@law
@given(plans(), scalings())
def test_the_saving_is_nodes_and_overflow_and_nothing_else(document: dict[str, Any], scaling: dict[str, Any]) -> None:
    """On a fleet that is rented by the hour: the difference in node-hours at their rate, and in overflow lines."""
    rented = {"kind": "rented", "rate_per_node_hour": "25.00"}
    changes = {"scaling": scaling, "cost": rented, "overflow_to": {"model": LARGE}, "one_offs": []}
    fleet = document["fleets"][0] | changes
    with_it, without = (
        answer(document | {"fleets": [fleet | {"decoder": decoder}]})
        for decoder in (headline(0.9, 1.4, 2.1), {"preset": "none"})
    )

    def spent(forecast: Any) -> float:
        hours = sum(month["node_hours"]["mean"] for month in forecast["fleets"][0]["months"])
        overflow = Decimal(forecast["total"]["effective"]["mean"]) - Decimal(forecast["fleets"][0]["effective"]["mean"])
        return 25.0 * float(hours) + float(overflow)

    saved = float(with_it["fleets"][0]["decoder"]["saving"]["mean"])
    assert saved == pytest.approx(spent(without) - spent(with_it), rel=1e-9, abs=0.2)


@law
@given(plans(), scalings(), st.integers(1, 1000))
def test_work_per_node_hour_is_all_that_a_decoder_changes(
    document: dict[str, Any], scaling: dict[str, Any], thousandths: int
) -> None:
    """A speedup is a throughput: declaring the higher throughput instead gives the same nodes and the same bill."""
    factor = 1 + thousandths / 1000
    rented = {"kind": "rented", "rate_per_node_hour": "25.00"}
    fleet = document["fleets"][0] | {"scaling": scaling, "cost": rented}
    rates = fleet["throughput"]
    quicker = rates | {"output_tokens_per_second": rates["output_tokens_per_second"] * factor}
    decoded = answer(document | {"fleets": [fleet | {"decoder": headline(factor)}]})
    declared = answer(document | {"fleets": [fleet | {"throughput": quicker, "decoder": {"preset": "none"}}]})
    assert [month["nodes"] for month in decoded["fleets"][0]["months"]] == [
        month["nodes"] for month in declared["fleets"][0]["months"]
    ]
    assert float(decoded["total"]["effective"]["mean"]) == pytest.approx(
        float(declared["total"]["effective"]["mean"]), abs=0.05
    )
