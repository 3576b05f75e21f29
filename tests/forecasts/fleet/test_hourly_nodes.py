"""The hourly policy: whole nodes in each hour of the week, paid for by the hour."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.fleet.nodes import NodeUse
from forecasts.fleet.scaling.hourly import ElasticNodes
from forecasts.fleet.scaling.week import WeeklyWork
from forecasts.timeline import FloatArray
from tests.forecasts.estates import LARGE, a_fleet, a_plan, a_workload, answer, law, to_fleet

NODE_MONTH = 10.368e9
DAY_AND_NIGHT = [0.5] * 12 + [1.5] * 12


def elastic_month(*, scaling: dict[str, Any] | None = None, fleet: dict[str, Any] | None = None, **demand: Any) -> Any:
    """The first month of a fleet that follows the hours; the profile is half by night and one and a half by day."""
    wanted = {"output_tokens_per_request": 1, "hourly_profile": DAY_AND_NIGHT} | demand
    pool = a_fleet(scaling={"policy": "hourly"} | (scaling or {}), **(fleet or {}))
    return answer(a_plan(a_workload(to=[to_fleet()], **wanted), fleets=[pool]))["fleets"][0]["months"][0]


def test_an_hour_has_the_whole_nodes_that_it_needs() -> None:
    """1.5 nodes of work by day take 2, half a node by night takes 1: 1.5 of 720 hours in all."""
    month = elastic_month(requests_per_month=NODE_MONTH)
    assert (month["nodes"]["mean"], month["node_hours"]["mean"]) == (2, 1.5 * 720)
    assert month["utilization_fraction"] == pytest.approx(1 / 1.5, abs=1e-6)
    assert month["effective"] == f"{1.5 * 720 * 25:.2f}"
    assert month["headroom_tokens"] == pytest.approx(0.5 * NODE_MONTH, rel=1e-9)


def test_a_need_of_exactly_whole_nodes_takes_no_more() -> None:
    """Twice the work: 3 nodes by day and 1 by night, all of them full."""
    month = elastic_month(requests_per_month=2 * NODE_MONTH)
    assert (month["nodes"]["mean"], month["node_hours"]["mean"]) == (3, 2 * 720)
    assert month["utilization_fraction"] == 1


def test_at_least_the_lower_bound_stands_by_night() -> None:
    month = elastic_month(requests_per_month=2 * NODE_MONTH, scaling={"min_nodes": 2})
    assert month["node_hours"]["mean"] == 2.5 * 720


def test_hours_beyond_the_upper_bound_overflow() -> None:
    """By day 2 of 3 nodes' work are served, by night all."""
    overflow = {"overflow_to": {"model": LARGE}}
    month = elastic_month(requests_per_month=2 * NODE_MONTH, scaling={"max_nodes": 2}, fleet=overflow)
    assert month["node_hours"]["mean"] == 1.5 * 720
    assert month["overflow_tokens"] == pytest.approx(0.5 * NODE_MONTH, rel=1e-9)


def test_spares_are_kept_in_every_hour() -> None:
    month = elastic_month(requests_per_month=NODE_MONTH, scaling={"spare_nodes": 2})
    assert (month["nodes"]["mean"], month["node_hours"]["mean"]) == (4, 3.5 * 720)


def test_a_fleet_that_no_work_reaches_keeps_its_lower_bound_alone() -> None:
    assert elastic_month(requests_per_month=0)["node_hours"]["mean"] == 0
    assert elastic_month(requests_per_month=0, scaling={"min_nodes": 3})["node_hours"]["mean"] == 3 * 720


def test_one_copy_of_the_model_stays_through_the_quiet_hours() -> None:
    """Weights of 1,000 GB take two nodes of 640 GB, by day for half a node's work and by night for none."""
    by_day = [0.0] * 12 + [2.0] * 12
    large = {"replica": {"weights_gb": 1000}}
    month = elastic_month(requests_per_month=0.25 * NODE_MONTH, hourly_profile=by_day, fleet=large)
    assert month["node_hours"]["mean"] == 2 * 720


def profiles(count: int) -> st.SearchStrategy[list[FloatArray]]:
    week = st.lists(st.integers(0, 9), min_size=24, max_size=24).filter(any)
    return st.lists(week.map(lambda day: np.tile(np.array(day) * 24.0 / sum(day), 7)), min_size=count, max_size=count)


WORKS = st.lists(st.lists(st.integers(0, 900), min_size=6, max_size=6), min_size=2, max_size=2)


def need_by_hour(works: list[FloatArray], weeks: list[FloatArray]) -> FloatArray:
    """Nodes' worth of work in each of 168 hours, shape `[168, months, draws]`."""
    return sum((work / 720.0 * week[:, None, None] for work, week in zip(works, weeks, strict=True)), np.zeros(()))


def hour_by_hour(
    works: list[FloatArray], weeks: list[FloatArray], per_work: float, least: int, most: int
) -> FloatArray:
    """Whole nodes of all 168 hours one by one, shape `[168, months, draws]`."""
    return np.clip(np.ceil(need_by_hour(works, weeks) * per_work - 1e-9), least, most)


@law
@given(profiles(2), WORKS, st.sampled_from([1.0, 1.2 / 0.7]), st.integers(0, 3), st.integers(3, 9))
def test_node_hours_are_those_of_each_hour(
    weeks: list[FloatArray], tenths: list[list[int]], per_work: float, least: int, most: int
) -> None:
    works = [np.array(row, dtype=np.float64).reshape(3, 2) * 7.2 for row in tenths]
    hours = np.full((3, 1), 720.0)
    work = WeeklyWork.of(works, weeks, hours)
    elastic = ElasticNodes(work=work, per_work=per_work, least=np.full((3, 2), float(least)), most=most)
    nodes = hour_by_hour(works, weeks, per_work, least, most)
    assert elastic.mean == pytest.approx(nodes.mean(axis=0), abs=1e-9)
    assert (elastic.in_busiest_hour == nodes.max(axis=0)).all()
    spares = np.array([[0.0], [1.0], [2.0]])
    use = NodeUse(
        serving=elastic.in_busiest_hour, serving_hours=elastic.mean * hours, spares=spares, hours=hours, elastic=elastic
    )
    level = np.array([[0.0], [2.0], [5.0]])
    above = np.maximum(nodes + spares - level, 0.0).mean(axis=0) * 720.0
    assert use.hours_above(level) == pytest.approx(above, abs=1e-6)
    assert use.hours_above(np.zeros((3, 1))) == pytest.approx(use.paid_hours, abs=1e-6)


@law
@given(profiles(2), WORKS, st.integers(0, 9))
def test_what_is_served_is_the_work_of_each_hour_up_to_its_nodes(
    weeks: list[FloatArray], tenths: list[list[int]], usable: int
) -> None:
    works = [np.array(row, dtype=np.float64).reshape(3, 2) * 7.2 for row in tenths]
    served = WeeklyWork.of(works, weeks, np.full((3, 1), 720.0)).served_fractions(np.full((3, 1), float(usable)))
    need = need_by_hour(works, weeks)
    total = sum(work * fraction for work, fraction in zip(works, served, strict=True))
    assert total / 720.0 == pytest.approx(np.minimum(need, usable).mean(axis=0), abs=1e-7)


def test_nodes_that_never_change_are_above_a_level_for_the_whole_month() -> None:
    hours = np.array([[720.0], [744.0]])
    serving = np.array([[1.0, 4.0], [3.0, 2.0]])
    use = NodeUse(serving=serving, serving_hours=serving * hours, spares=np.ones((2, 1)), hours=hours)
    assert use.hours_above(np.array([[2.0], [3.0]])).tolist() == [[0.0, 3 * 720.0], [744.0, 0.0]]
