"""Break-even of a fleet against the API route that a workload names: by month, by volume and by utilisation."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.explain.break_even.turning import last_crossing
from tests.forecasts.estates import (
    LARGE,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    answer,
    headline,
    law,
    pointers,
    read,
    to_fleet,
    to_model,
)
from tests.forecasts.generated import plans, scalings

# A node at 25.00 an hour for 720 hours, and what it puts out in them at 4,000 tokens a second.
NODE_COST = 18_000
NODE_MONTH = 10.368e9


def compared(volume: float, *, rate: str = "2.00", fleet: dict[str, Any] | None = None, **demand: Any) -> Any:
    """One workload of `volume` output tokens a month on one node, against an API at `rate` per million of them."""
    workload = a_workload(to=[to_fleet()], requests_per_month=volume, output_tokens_per_request=1, **demand)
    workload["compare_to"] = {"model": LARGE}
    forecast = answer(a_plan(workload, fleets=[a_fleet(**(fleet or {}))], prices=[a_price(rate=rate)]))
    [found] = forecast["break_even"]
    return found


def test_a_node_turns_where_the_api_would_cost_as_much() -> None:
    """18,000 over 2.00 a million are 9,000 million tokens."""
    found = compared(1e9)
    assert (found["workload"], found["fleet"], found["compare_to"]) == ("chat", "pool", LARGE)
    for month in found["months"]:
        assert month["turning_tokens"] == pytest.approx(NODE_COST / 2e-6, rel=1e-9)
    assert [month["month"] for month in found["months"]] == ["2027-01", "2027-02", "2027-03"]


@pytest.mark.parametrize(("volume", "probability"), [(8.9e9, 0), (9.1e9, 1)])
def test_certain_demand_is_on_one_side_or_the_other(volume: float, probability: int) -> None:
    assert [month["probability"] for month in compared(volume)["months"]] == [probability] * 3


def test_an_api_below_the_cost_at_full_load_is_never_undercut() -> None:
    """At full load a million tokens cost 1.7361."""
    assert [month["turning_tokens"] for month in compared(5e9, rate="1.73")["months"]] == [None] * 3
    assert all(month["turning_tokens"] for month in compared(5e9, rate="1.74")["months"])


def test_an_api_is_undercut_at_any_volume_by_nodes_that_cost_nothing() -> None:
    free = {"cost": {"kind": "rented", "rate_per_node_hour": "0"}}
    found = compared(5e9, fleet=free)
    assert [(month["probability"], month["turning_tokens"]) for month in found["months"]] == [(1, 0)] * 3


def test_the_decoder_brings_the_turning_volume_within_reach() -> None:
    """At 1.50 the node turns at 12,000 million tokens, of which it does 10,368 without and 17,315 with 1.67."""
    found = compared(5e9, rate="1.50", fleet={"decoder": headline(1.67)})
    for month in found["months"]:
        assert month["turning_tokens"] == pytest.approx(NODE_COST / 1.5e-6, rel=1e-9)
        assert month["turning_tokens_without_decoder"] is None


def test_nothing_is_said_of_a_decoder_where_there_is_none() -> None:
    found = compared(5e9)
    assert {month["probability_without_decoder"] for month in found["months"]} == {None}
    assert {month["turning_tokens_without_decoder"] for month in found["months"]} == {None}
    assert {point["usd_per_mtok_fleet_without_decoder"] for point in found["curve"]} == {None}


def test_the_curve_is_the_articles_cost_by_utilisation() -> None:
    """1.74, 2.48, 3.47, 5.79 and 17.36 at 100, 70, 50, 30 and 10 % of 4,000 tokens a second at 25.00 an hour."""
    curve = {point["utilization_fraction"]: point for point in compared(5e9)["curve"]}
    by_busy = {busy: round(float(point["usd_per_mtok_fleet"]), 2) for busy, point in curve.items()}
    assert {busy: by_busy[busy] for busy in (1.0, 0.7, 0.5, 0.3, 0.1)} == {
        1.0: 1.74,
        0.7: 2.48,
        0.5: 3.47,
        0.3: 5.79,
        0.1: 17.36,
    }
    assert {0.05, 0.25, 0.5, 1.0} <= by_busy.keys()
    assert {point["usd_per_mtok_api"] for point in curve.values()} == {"2.0000"}


def test_the_point_really_reached_lies_on_the_curve() -> None:
    found = compared(NODE_MONTH / 4)
    [quarter] = [point for point in found["curve"] if point["utilization_fraction"] == 0.25]
    assert found["utilization_fraction"] == 0.25
    assert found["usd_per_mtok_fleet"] == quarter["usd_per_mtok_fleet"]


def test_the_probability_counts_the_paths_above_the_turning_volume() -> None:
    demand: dict[str, Any] = {"requests_per_month": 9e9, "output_tokens_per_request": 1, "noise_fraction": 0.05}
    workload = a_workload(to=[to_fleet()], **demand) | {"compare_to": {"model": LARGE}}
    document = a_plan(workload, fleets=[a_fleet()], draws=512)
    plan = read(document)
    draws = Draws(seed=plan.seed, count=plan.draws)
    requests = request_paths(plan.workloads[0], plan.timeline, draws, plan.correlations)
    dearer = (np.minimum(requests, NODE_MONTH) * 2e-6 > NODE_COST).mean(axis=1)
    assert [month["probability"] for month in answer(document)["break_even"][0]["months"]] == dearer.tolist()
    assert ((dearer > 0.2) & (dearer < 0.8)).all()


def test_workloads_bear_idle_nodes_by_their_part_of_the_work() -> None:
    """0.3 and 0.2 of a node, and a spare one: three fifths and two fifths of 36,000."""
    workloads = [
        a_workload(name, to=[to_fleet()], requests_per_month=share * NODE_MONTH, output_tokens_per_request=1)
        | {"compare_to": {"model": LARGE}}
        for name, share in (("one", 0.3), ("other", 0.2))
    ]
    fleet = a_fleet(scaling={"policy": "fixed", "spare_nodes": 1})
    found = answer(a_plan(*workloads, fleets=[fleet]))["break_even"]
    assert [float(one["usd_per_mtok_fleet"]) for one in found] == pytest.approx(
        [0.6 * 36_000 / (0.3 * NODE_MONTH / 1e6), 0.4 * 36_000 / (0.2 * NODE_MONTH / 1e6)], abs=5e-5
    )


def test_months_in_which_the_fleet_serves_nothing_of_it_are_left_out() -> None:
    workload = a_workload() | {
        "compare_to": {"model": LARGE},
        "routes": [{"to": [to_model()]}, {"from": "2027-02", "to": [to_fleet("pool", 0.5), to_model(share=0.5)]}],
    }
    [found] = answer(a_plan(workload, fleets=[a_fleet()]))["break_even"]
    assert [month["month"] for month in found["months"]] == ["2027-02", "2027-03"]
    # 500 million tokens a month, half of them on the fleet: two months of 18,000 over 500 million.
    assert found["usd_per_mtok_fleet"] == f"{2 * NODE_COST / 500:.4f}"


def test_a_workload_without_fleet_or_comparison_or_output_has_none() -> None:
    beside = a_workload("beside") | {"compare_to": {"model": LARGE}}
    silent = a_workload("silent", to=[to_fleet()], output_tokens_per_request=0) | {"compare_to": {"model": LARGE}}
    assert answer(a_plan(beside, silent, a_workload(to=[to_fleet()]), fleets=[a_fleet()]))["break_even"] == []


def test_nodes_that_follow_demand_turn_at_a_whole_node() -> None:
    """One node pays from 9,000 million tokens on, but no longer when 10,368 million take a second."""
    found = compared(5e9, rate="2.00", fleet={"scaling": {"policy": "monthly", "max_nodes": 2}})
    for month in found["months"]:
        assert month["turning_tokens"] == pytest.approx(2 * NODE_COST / 2e-6, rel=0.02)


def test_a_comparison_without_a_price_is_a_problem_of_its_field() -> None:
    workload = a_workload(to=[to_fleet()]) | {"compare_to": {"model": LARGE}}
    late = a_price(effective_from="2027-02-01T00:00:00Z")
    assert pointers(a_plan(workload, fleets=[a_fleet()], prices=[late])) == ["/workloads/0/compare_to/model"]
    assert pointers(a_plan(a_workload() | {"compare_to": {"model": LARGE}}, fleets=[a_fleet()])) == []


@law
@given(plans(most_workloads=1), scalings())
def test_a_workload_alone_on_a_fleet_bears_its_whole_cost(document: dict[str, Any], scaling: dict[str, Any]) -> None:
    fleet = document["fleets"][0] | {"scaling": scaling, "cost": {"kind": "rented", "rate_per_node_hour": "25.00"}}
    [workload] = document["workloads"]
    demand = workload["demand"] | {"output_tokens_per_request": 100, "requests_per_month": 1e6, "steps": []}
    workload |= {"demand": demand, "compare_to": {"model": LARGE}, "routes": [{"to": [to_fleet()]}]}
    forecast = answer(document | {"fleets": [fleet], "workloads": [workload]})
    months = [month for month in forecast["fleets"][0]["months"] if month["tokens_served"] > 0]
    served = sum(month["tokens_served"] for month in months) / 1e6
    spent = sum(float(month["effective"]) for month in months)
    borne = sum(float(one["usd_per_mtok_fleet"]) for one in forecast["break_even"]) * served
    assert borne == pytest.approx(spent, rel=1e-3)


@law
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=6))
def test_the_last_crossing_is_where_the_gain_turns_for_good(gains: list[int]) -> None:
    volume = np.arange(1.0, len(gains) + 1.0)[None, :]
    gain = np.array([gains], dtype=np.float64)
    [found] = last_crossing(volume, gain)
    if gains[-1] <= 0:
        assert np.isnan(found)
    elif all(one > 0 for one in gains):
        assert found == 0
    else:
        assert np.interp(found, volume[0], gain[0]) == pytest.approx(0, abs=1e-9)
        assert all(one > 0 for one, at in zip(gains, volume[0].tolist(), strict=True) if at > found)
