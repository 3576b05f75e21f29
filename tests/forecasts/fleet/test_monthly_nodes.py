"""The monthly policy: whole nodes ordered ahead, from what was known then."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.fleet.scaling.monthly import follow_within
from forecasts.fleet.scaling.planned import planned_requests, planned_slowness
from forecasts.fleet.scaling.terms import Monthly
from forecasts.plan import Plan
from forecasts.speculation.decoder import Decoder
from forecasts.timeline import FloatArray, Month, Timeline
from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, law, read, to_fleet, to_model

# What a node of 4,000 output tokens a second serves in a month of 720 hours.
NODE_MONTH = 10.368e9


def nodes_by_month(
    *, months: int = 3, scaling: dict[str, Any], fleet: dict[str, Any] | None = None, **demand: Any
) -> Any:
    workload = a_workload(to=[to_fleet()], output_tokens_per_request=1, **demand)
    pool = a_fleet(scaling={"policy": "monthly"} | scaling, **(fleet or {}))
    forecast = answer(a_plan(workload, fleets=[pool], horizon={"first_month": "2027-01", "months": months}))
    return [month["nodes"]["mean"] for month in forecast["fleets"][0]["months"]]


def test_a_need_of_a_part_of_a_node_is_a_whole_one() -> None:
    assert nodes_by_month(scaling={}, requests_per_month=0.661 * NODE_MONTH) == [1, 1, 1]


def test_nodes_follow_declared_growth_in_whole_ones() -> None:
    """Needs of 1, 1.5 and 2.25 nodes, all certain."""
    assert nodes_by_month(scaling={}, requests_per_month=NODE_MONTH, monthly_growth=0.5) == [1, 2, 3]


def test_a_step_that_the_plan_knows_finds_its_nodes_ready() -> None:
    steps = [{"from": "2027-03", "factor": 3}]
    for lead in (0, 1, 3):
        scaling = {"lead_time_months": lead}
        assert nodes_by_month(scaling=scaling, requests_per_month=NODE_MONTH, steps=steps) == [1, 1, 3]


def test_a_migration_that_the_plan_knows_finds_its_nodes_ready() -> None:
    workload = a_workload(requests_per_month=2 * NODE_MONTH, output_tokens_per_request=1)
    half = {"from": "2027-02", "to": [to_fleet("pool", 0.5), to_model(share=0.5)]}
    workload["routes"] = [{"to": [to_model()]}, half]
    forecast = answer(a_plan(workload, fleets=[a_fleet(scaling={"policy": "monthly"})]))
    months = forecast["fleets"][0]["months"]
    # Nobody calls the model in January, so that no node has to hold it.
    assert [month["nodes"]["mean"] for month in months] == [0, 1, 1]
    assert [month["utilization_fraction"] for month in months] == [0, 1, 1]


def test_bounds_hold_the_count() -> None:
    growth = {"requests_per_month": NODE_MONTH, "monthly_growth": 1.0}
    assert nodes_by_month(scaling={"min_nodes": 2, "max_nodes": 3}, **growth) == [2, 2, 3]


def test_target_utilisation_and_bursts_take_more_nodes() -> None:
    """A need of 1 with bursts of 1.2 in nodes filled to 0.6 takes 2 nodes."""
    fleet = {"target_utilization_fraction": 0.6, "burst_factor": 1.2}
    assert nodes_by_month(scaling={}, fleet=fleet, requests_per_month=NODE_MONTH) == [2, 2, 2]


def test_nodes_are_sized_for_the_busiest_hour() -> None:
    profile = [0.5] * 12 + [1.5] * 12
    assert nodes_by_month(scaling={}, requests_per_month=NODE_MONTH, hourly_profile=profile) == [2, 2, 2]


def test_hysteresis_keeps_nodes_that_a_little_more_demand_would_need() -> None:
    """Needs of 3, 1.9 and 1.4 nodes after a start at 5: with 0.2 more they would be 4, 3 and 2."""
    steps = [{"from": "2027-02", "factor": 1.9 / 3}, {"from": "2027-03", "factor": 1.4 / 1.9}]
    demand: dict[str, Any] = {"requests_per_month": 3 * NODE_MONTH, "steps": steps}
    assert nodes_by_month(scaling={}, fleet={"nodes": 5}, **demand) == [3, 2, 2]
    assert nodes_by_month(scaling={"hysteresis_fraction": 0.2}, fleet={"nodes": 5}, **demand) == [4, 3, 2]


def test_demand_that_wavers_around_a_whole_node_does_not_flap_under_hysteresis() -> None:
    seasonality = [0.98, 1.02] * 6
    demand: dict[str, Any] = {"requests_per_month": 2 * NODE_MONTH, "seasonality": seasonality}
    assert nodes_by_month(months=6, scaling={}, **demand) == [2, 3] * 3
    assert nodes_by_month(months=6, scaling={"hysteresis_fraction": 0.1}, **demand) == [2, 3, 3, 3, 3, 3]


def bounds(months: int, draws: int) -> st.SearchStrategy[FloatArray]:
    pairs = arrays(np.float64, (2, months, draws), elements=st.integers(0, 9).map(float))
    return pairs.map(lambda two: np.sort(two, 0))


@law
@given(st.integers(1, 13).flatmap(lambda months: bounds(months, 3)), st.integers(0, 9))
def test_the_scan_is_the_walk_from_month_to_month(pair: FloatArray, start: int) -> None:
    low, high = pair
    value, walked = np.full(low.shape[1], float(start)), []
    for least, most in zip(low, high, strict=True):
        value = np.clip(value, least, most)
        walked.append(value)
    assert (follow_within(low, high, float(start)) == np.stack(walked)).all()


UNCERTAIN: dict[str, Any] = {
    "base_month": "2026-10",
    "monthly_growth": {"low": 0.0, "mode": 0.1, "high": 0.2},
    "noise_fraction": 0.3,
    "seasonality": [0.8, 1.2] * 6,
    "steps": [{"from": "2027-03", "factor": 2.0}],
}


def paths_of(plan: Plan) -> FloatArray:
    draws = Draws(seed=plan.seed, count=plan.draws)
    return request_paths(plan.workloads[0], plan.timeline, draws, plan.correlations)


def planned_for(plan: Plan, requests: FloatArray, lead: int) -> FloatArray:
    planned = planned_requests(
        Monthly(lead_time_months=lead),
        plan.workloads[0],
        requests,
        plan.timeline,
        Draws(seed=plan.seed, count=plan.draws),
        plan.correlations,
    )
    assert planned is not None
    return planned


@pytest.mark.parametrize("lead", [1, 2, 4])
def test_what_happens_after_the_order_changes_nothing_in_it(lead: int) -> None:
    plan = read(a_plan(a_workload(**UNCERTAIN), horizon={"first_month": "2027-01", "months": 8}))
    requests = paths_of(plan)
    planned = planned_for(plan, requests, lead)
    for month in range(8):
        other = requests.copy()
        other[max(0, month - lead + 1) :] *= 7.0
        assert (planned_for(plan, other, lead)[month] == planned[month]).all()


def test_the_order_is_the_last_known_month_grown_by_the_declared_mean() -> None:
    """From January to February with mean growth 0.1 and seasons of 0.8 and 1.2; a step doubles March."""
    plan = read(a_plan(a_workload(**UNCERTAIN)))
    requests = paths_of(plan)
    planned = planned_for(plan, requests, 1)
    assert planned[1] == pytest.approx(requests[0] * 1.1 * 1.2 / 0.8, rel=1e-12)
    assert planned[2] == pytest.approx(requests[1] * 1.1 * 0.8 / 1.2 * 2.0, rel=1e-12)


def test_the_first_orders_rest_on_the_same_paths_before_the_horizon() -> None:
    longer = read(a_plan(a_workload(**UNCERTAIN), horizon={"first_month": "2026-11", "months": 5}))
    plan = read(a_plan(a_workload(**UNCERTAIN)))
    known = planned_for(longer, paths_of(longer), 2)
    assert planned_for(plan, paths_of(plan), 2) == pytest.approx(known[2:], rel=1e-12)


def test_a_month_without_any_declared_volume_tells_nothing_and_the_plan_stands() -> None:
    demand: dict[str, Any] = {"requests_per_month": 100.0, "seasonality": [0, 2] * 6, "noise_fraction": 0.3}
    plan = read(a_plan(a_workload(**demand)))
    assert (planned_for(plan, paths_of(plan), 1)[1] == 200.0).all()


def test_demand_beyond_the_order_finds_no_capacity_until_nodes_come() -> None:
    """Noise that the planner cannot foresee: without a lead time everything is served."""
    demand: dict[str, Any] = {"requests_per_month": 20 * NODE_MONTH, "output_tokens_per_request": 1}
    workload = a_workload(to=[to_fleet()], noise_fraction=0.3, **demand)
    lost = []
    for lead in (0, 1):
        pool = a_fleet(scaling={"policy": "monthly", "lead_time_months": lead})
        months = answer(a_plan(workload, fleets=[pool]))["fleets"][0]["months"]
        lost.append(sum(month["unserved_tokens"] for month in months))
    assert lost[0] == 0
    assert lost[1] > 0


def test_a_decoders_gain_is_planned_at_its_mean_until_it_has_run() -> None:
    """It runs from February on. An order of March two months ahead knows nothing, one of April knows its path."""
    timeline = Timeline(first=Month(2027, 1), months=4)
    speedup = np.ones((4, 2))
    speedup[1:] = [1.0, 2.0]
    decoder = Decoder(preset="headline", first_month=Month(2027, 2))
    planned = planned_slowness(speedup, decoder, timeline, 2)
    assert planned.tolist() == [[1.0, 1.0], [0.75, 0.75], [0.75, 0.75], [1.0, 0.5]]


def test_a_decoder_that_ran_before_the_horizon_is_known() -> None:
    timeline = Timeline(first=Month(2027, 1), months=2)
    speedup = np.array([[1.0, 2.0]] * 2)
    assert planned_slowness(speedup, Decoder(), timeline, 1).tolist() == [[1.0, 0.5]] * 2
