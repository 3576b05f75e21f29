"""Laws that hold under every scaling policy: more demand never takes fewer nodes, and a quicker decoder never more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts import Budget
from tests.forecasts.estates import budget_of, law
from tests.forecasts.generated import plans, ranges, scalings

SCALED = st.tuples(plans(), scalings())


def scaled(document: dict[str, Any], scaling: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The plan with its one fleet rented and under a policy."""
    rented = {"kind": "rented", "rate_per_node_hour": "25.00"}
    return document | {"fleets": [document["fleets"][0] | {"scaling": scaling, "cost": rented} | fields]}


def node_hours(budget: Budget) -> list[float]:
    """Mean and quantiles of each month."""
    return [figure for one in budget.fleets[0].node_hours for figure in (one.mean, one.p10, one.p50, one.p90)]


def none_higher(fewer: list[float], more: list[float]) -> bool:
    return all(low <= high + 1e-6 for low, high in zip(fewer, more, strict=True))


@law
@given(SCALED, ranges(500, 3000), st.integers(0, 1000))
def test_a_higher_speedup_never_takes_more_node_hours(
    given_plan: tuple[dict[str, Any], dict[str, Any]], speedup: dict[str, float], more: int
) -> None:
    quicker = {name: value + more / 1000 for name, value in speedup.items()}
    slow, quick = (
        node_hours(budget_of(scaled(*given_plan, decoder={"preset": "headline", "speedup": one, "from": "2027-02"})))
        for one in (speedup, quicker)
    )
    assert none_higher(quick, slow)


@law
@given(SCALED, st.integers(1, 3), st.integers(0, 2))
def test_more_demand_never_takes_fewer_node_hours(
    given_plan: tuple[dict[str, Any], dict[str, Any]], factor: int, which: int
) -> None:
    document, scaling = given_plan
    workloads = list(document["workloads"])
    grown = workloads[which % len(workloads)]
    demand = grown["demand"] | {"requests_per_month": grown["demand"]["requests_per_month"] * factor + 1}
    workloads[which % len(workloads)] = grown | {"demand": demand}
    before = node_hours(budget_of(scaled(document, scaling)))
    after = node_hours(budget_of(scaled(document | {"workloads": workloads}, scaling)))
    assert none_higher(before, after)


@law
@given(SCALED)
def test_one_workload_more_never_takes_fewer_node_hours(given_plan: tuple[dict[str, Any], dict[str, Any]]) -> None:
    document, scaling = given_plan
    fewer = document | {"workloads": document["workloads"][:-1]}
    assert none_higher(node_hours(budget_of(scaled(fewer, scaling))), node_hours(budget_of(scaled(document, scaling))))


@law
@given(SCALED)
def test_nodes_are_whole_on_every_path(given_plan: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """With 21 draws the three quantiles are figures of paths, and 21 means are a sum of paths."""
    budget = budget_of(scaled(*given_plan) | {"draws": 21})
    for month in budget.fleets[0].nodes:
        for nodes in (month.p10, month.p50, month.p90, 21 * month.mean):
            assert nodes == pytest.approx(round(nodes), abs=1e-9)


@law
@given(SCALED)
def test_a_month_is_never_without_the_nodes_of_its_policys_bounds(
    given_plan: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    document, scaling = given_plan
    budget = budget_of(scaled(document, scaling))
    spares = scaling["spare_nodes"]
    for month in budget.fleets[0].nodes:
        assert month.mean >= scaling.get("min_nodes", 0) + spares
        assert scaling.get("max_nodes") is None or month.mean <= scaling["max_nodes"] + spares + 1e-9


@law
@given(plans(), st.integers(0, 2))
def test_hours_never_take_more_nodes_than_the_month_that_knows_its_demand(
    document: dict[str, Any], min_nodes: int
) -> None:
    """A monthly count is that of the busiest hour, which an hourly one is at most."""
    monthly, hourly = (
        node_hours(budget_of(scaled(document, {"policy": policy, "min_nodes": min_nodes} | own)))
        for policy, own in (("monthly", {"lead_time_months": 0}), ("hourly", {}))
    )
    assert none_higher(hourly, monthly)
