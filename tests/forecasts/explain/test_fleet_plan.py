"""A planned fleet: the cheapest whole numbers of nodes, never dearer than what was given, within a stated risk."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.checks import price_book_of
from forecasts.draws import Draws
from forecasts.explain.fleet_plan.mix import Mix, Policy, fleet_with, mix_of
from forecasts.explain.fleet_plan.planning import FleetPlan, plan_fleet
from forecasts.explain.fleet_plan.scene import FleetScene
from forecasts.forecast import forecast
from tests.forecasts.estates import LARGE, a_fleet, a_plan, a_workload, law, read, to_fleet
from tests.forecasts.generated import plans, scalings

NODE_COST = 18_000
NODE_MONTH = 10.368e9
OVERFLOW = {"model": LARGE}
DAY_AND_NIGHT = [0.5] * 12 + [1.5] * 12


def committed(*nodes: int, starts: str = "2027-01-01", rate: str = "15") -> dict[str, Any]:
    """Layers at 15.00 an hour beside 25.00 on demand, the whole horizon."""
    layers = [{"nodes": one, "rate_per_node_hour": rate, "starts": starts, "ends": "2027-12-31"} for one in nodes]
    return {"kind": "committed", "commitments": layers, "on_demand_rate_per_node_hour": "25"}


def document(demand: dict[str, Any], fleet: dict[str, Any], **fields: Any) -> dict[str, Any]:
    workload = a_workload(to=[to_fleet()], **({"output_tokens_per_request": 1} | demand))
    return a_plan(workload, fleets=[a_fleet(**fleet)], **fields)


def planned(document: dict[str, Any], risk: float = 0.05, policies: tuple[Policy, ...] = ()) -> FleetPlan:
    plan = read(document)
    return plan_fleet(plan, plan.fleets[0], risk, policies)


def recommended(found: FleetPlan) -> Mix:
    assert found.recommended is not None
    return found.recommended.mix


def test_a_node_that_would_be_mostly_idle_is_left_to_the_api() -> None:
    """3.4 nodes of work: the fourth would cost 18,000 for 0.4 of 20,736 of overflow, each of three saves 2,736."""
    found = planned(document({"requests_per_month": 3.4 * NODE_MONTH}, {"nodes": 9, "overflow_to": OVERFLOW}))
    assert recommended(found) == Mix(policy="fixed", least=3, most=3)
    assert found.recommended is not None
    assert found.recommended.outcome.expected == pytest.approx(3 * (3 * NODE_COST + 0.4 * 20_736), rel=1e-9)
    assert found.given.outcome.expected == 3 * 9 * NODE_COST


def test_without_a_route_every_request_needs_a_node() -> None:
    found = planned(document({"requests_per_month": 3.4 * NODE_MONTH}, {"nodes": 3}))
    assert recommended(found) == Mix(policy="fixed", least=4, most=4)
    assert not found.given_meets_the_risk


def test_nodes_are_committed_as_far_as_they_are_used_enough() -> None:
    """By day 3 nodes, by night 1: a node of every hour is cheaper committed at 0.6 of the rate, one of half is not."""
    demand = {"requests_per_month": 2 * NODE_MONTH, "hourly_profile": DAY_AND_NIGHT}
    found = planned(document(demand, {"nodes": 3, "cost": committed(3)}))
    mix = recommended(found)
    assert (mix.policy, mix.committed) == ("hourly", (1,))
    assert found.recommended is not None
    assert found.recommended.outcome.expected == pytest.approx(3 * 720 * (15 + 2 * 25 / 2), rel=1e-9)
    [reason] = [one for one in found.reasons if one.number == "committed/0"]
    assert reason.used_fraction == 1.0
    assert reason.cost_of_one_fewer == pytest.approx(3 * 720 * (25 - 15), rel=1e-9)
    assert reason.cost_of_one_more == pytest.approx(3 * 720 * (15 - 25 / 2), rel=1e-9)


@pytest.mark.parametrize("seed", [7, 8, 9])
@pytest.mark.parametrize("rate", ["10", "15", "22"])
def test_the_search_finds_what_trying_everything_finds(seed: int, rate: str) -> None:
    demand = {
        "requests_per_month": 3 * NODE_MONTH,
        "noise_fraction": 0.3,
        "monthly_growth": {"low": 0, "mode": 0.05, "high": 0.1},
        "hourly_profile": "azure2024_conv_week",
    }
    fleet_fields = {"nodes": 3, "cost": committed(2, rate=rate), "overflow_to": OVERFLOW}
    plan = read(document(demand, fleet_fields, draws=128, seed=seed))
    [fleet] = plan.fleets
    scene = FleetScene(plan, fleet, price_book_of(plan), Draws(seed=plan.seed, count=plan.draws))
    highest = scene.most_needed(fleet)
    cheapest_of_all = min(
        scene.try_out(fleet_with(fleet, Mix(policy="hourly", least=0, most=most, committed=(layer,)))).expected
        for most, layer in itertools.product(range(1, highest + 1), range(highest + 1))
    )
    [found] = plan_fleet(plan, fleet, 0.05, ("hourly",)).by_policy
    assert scene.try_out(fleet_with(fleet, found.mix)).expected == pytest.approx(cheapest_of_all, rel=1e-12)


@law
@given(plans(most_workloads=2), scalings(), st.sampled_from([None, OVERFLOW]))
def test_on_fresh_draws_it_is_never_dearer_than_what_was_given(
    estate: dict[str, Any], scaling: dict[str, Any], overflow_to: dict[str, Any] | None
) -> None:
    """Forecast by the main job itself, with the seed that the plan says it was not searched on."""
    rented = {"kind": "rented", "rate_per_node_hour": "25.00"}
    fleet = estate["fleets"][0] | {"scaling": scaling, "cost": rented, "overflow_to": overflow_to}
    plan = read(estate | {"fleets": [fleet]})
    found = plan_fleet(plan, plan.fleets[0], 0.05)
    assert found.seed != plan.seed
    if found.recommended is None:
        return
    fresh = replace(plan, seed=found.seed)
    before, after = (
        forecast(replace(fresh, fleets=(fleet_with(plan.fleets[0], mix),)))
        for mix in (found.given.mix, found.recommended.mix)
    )
    if found.given_meets_the_risk:
        assert after.total.effective.mean <= before.total.effective.mean + 5
    # What the search calls the cost of a mix is what a budget calls it.
    saved = found.given.outcome.expected - found.recommended.outcome.expected
    assert (before.total.effective.mean - after.total.effective.mean) / 100 == pytest.approx(saved, abs=0.05)


@pytest.mark.parametrize("risk", [0.02, 0.1, 0.3])
def test_the_risk_is_kept_on_draws_that_the_search_has_not_seen(risk: float) -> None:
    demand = {"requests_per_month": 5 * NODE_MONTH, "noise_fraction": 0.2}
    found = planned(document(demand, {"nodes": 5}, draws=4096), risk)
    assert not found.given_meets_the_risk
    assert found.recommended is not None
    assert found.recommended.outcome.unserved_probability <= risk


def test_more_risk_never_costs_more() -> None:
    demand = {"requests_per_month": 5 * NODE_MONTH, "noise_fraction": 0.2}
    costs = []
    for risk in (0.02, 0.1, 0.3, 1.0):
        found = planned(document(demand, {"nodes": 20}, draws=1024), risk, ("fixed",))
        assert found.recommended is not None
        costs.append(found.recommended.outcome.expected)
    assert costs == sorted(costs, reverse=True)
    # Whoever allows every request to be lost needs no node at all.
    assert costs[-1] == 0


def test_a_risk_that_no_mix_keeps_is_said() -> None:
    """A fixed number of nodes for the worst of 512 paths does not serve every one of 4,096 others."""
    demand = {"requests_per_month": 5 * NODE_MONTH, "noise_fraction": 0.5}
    found = planned(document(demand, {"nodes": 5}, draws=4096), 0.0, ("fixed",))
    assert found.recommended is None
    assert found.reasons == ()


def test_a_mix_that_is_the_cheapest_already_is_kept() -> None:
    found = planned(document({"requests_per_month": 3.4 * NODE_MONTH}, {"nodes": 3, "overflow_to": OVERFLOW}))
    assert found.recommended is found.given


def test_what_has_been_committed_by_the_plans_day_is_kept() -> None:
    demand = {"requests_per_month": 2 * NODE_MONTH, "hourly_profile": DAY_AND_NIGHT}
    cost = committed(3, starts="2026-11-01")
    found = planned(document(demand, {"nodes": 3, "cost": cost}))
    assert recommended(found).committed == (3,)
    assert found.keeps_nodes
    assert all(not one.number.startswith("committed") for one in found.reasons)


OWNED = {"kind": "owned", "purchase_price_per_node": "36000", "useful_life_months": 36}


@pytest.mark.parametrize(("day", "nodes"), [("2026-06-01", 5), ("2027-01-01", 2)])
def test_nodes_can_be_chosen_until_they_are_bought(day: str, nodes: int) -> None:
    """A node costs 1,000 a month and saves up to 20,736 of overflow, two nodes of work have no use for a third."""
    cost = OWNED | {"purchased": day, "in_service": "2027-01-01"}
    plan = document({"requests_per_month": 2 * NODE_MONTH}, {"nodes": 5, "cost": cost, "overflow_to": OVERFLOW})
    found = planned(plan)
    assert recommended(found) == Mix(policy="fixed", least=nodes, most=nodes)
    assert found.keeps_nodes == (nodes == 5)


def test_an_upfront_amount_goes_with_its_nodes() -> None:
    layer = {"nodes": 4, "rate_per_node_hour": "10", "upfront": "4000", "starts": "2027-01-01", "ends": "2027-12-31"}
    cost = {"kind": "committed", "commitments": [layer], "on_demand_rate_per_node_hour": "25"}
    [fleet] = read(document({}, {"nodes": 4, "cost": cost})).fleets
    halved = fleet_with(fleet, replace(mix_of(fleet), committed=(2,)))
    assert halved.cost.commitments[0].upfront == 2000  # type: ignore[union-attr]


def test_the_least_nodes_that_serve_are_those_that_hold_the_model() -> None:
    """Weights of 1,000 GB take two nodes of 640 GB: for 0.3 of a node's work the API is cheaper than two."""
    demand = {"requests_per_month": 1.9 * NODE_MONTH}
    fleet = {"nodes": 2, "overflow_to": OVERFLOW, "replica": {"weights_gb": 1000}}
    assert recommended(planned(document(demand, fleet))).least == 2
    fleet |= {"overflow_to": OVERFLOW, "nodes": 2}
    assert recommended(planned(document({"requests_per_month": 0.3 * NODE_MONTH}, fleet))).least == 0


def test_a_fleet_without_workloads_needs_no_nodes() -> None:
    found = planned(a_plan(fleets=[a_fleet(nodes=3)]))
    assert found.recommended is not None
    assert found.recommended.outcome.expected == 0


def test_the_same_plan_gives_the_same_answer() -> None:
    demand = {"requests_per_month": 3 * NODE_MONTH, "noise_fraction": 0.3}
    estate = document(demand, {"nodes": 3, "cost": committed(2), "overflow_to": OVERFLOW})
    one, other = planned(estate), planned(estate)
    assert recommended(one) == recommended(other)
    assert one.reasons == other.reasons
