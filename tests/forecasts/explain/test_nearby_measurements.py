"""Published points beside a fleet's curve are of its own case: method, baseline, kind and size of model, load."""

from typing import Any

import pytest

from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.explain.nearby_measurements import MOST_POINTS, measured_nearby
from forecasts.explain.uplift import MeasuredSpeedup
from forecasts.explain.uplift_curves import explain_uplift
from forecasts.speculation.gains.served import served_target
from tests.forecasts.estates import headline, read
from tests.forecasts.speculation.gains.decoded import decoded, flash, on
from tests.forecasts.speculation.gains.test_points_move_gains import a_point


def nearby(fleet: dict[str, Any], most_requests: float = 256) -> tuple[MeasuredSpeedup, ...]:
    [read_fleet] = read(on(fleet)).fleets
    return measured_nearby(read_fleet, served_target(read_fleet), most_requests)


@pytest.mark.parametrize(("size", "most"), [(70, 30), (8, 30)])
def test_points_are_of_dense_models_of_about_the_size_and_of_the_method(size: float, most: int) -> None:
    found = nearby(decoded() | {"model_size": {"total_params_b": size}})
    assert 5 < len(found) <= most == MOST_POINTS
    rows = {
        (row.requests, row.speedup, f"{row.source_id}: {row.target_model} on {row.hardware}"): row
        for row in load_speculation_measurements()
    }
    for point in found:
        row = rows[point.concurrency, point.speedup, point.source]
        assert row.method in {"eagle", "eagle3", "p-eagle"}
        assert (row.baseline, row.hw_class) == ("none", "datacenter")
        assert row.active_params_b is not None
        assert size / 2 <= row.active_params_b == row.total_params_b <= size * 2
        assert not point.used
    assert [point.concurrency for point in found] == sorted(point.concurrency for point in found)


def test_points_of_the_paper_count_requests_of_an_accelerator_and_stand_on_its_curve() -> None:
    """Of eight accelerators: 5 to 200 of each are 40 to 1,600 on the node."""
    found = nearby(flash(), most_requests=4000)
    assert (found[0].concurrency, found[-1].concurrency) == (40, 1600)
    assert (found[0].speedup, found[-1].speedup) == (1.7182, 1.1662)
    assert all("DeepSeek-V4-Flash" in point.source for point in found)


def test_points_over_another_decoder_are_left_out() -> None:
    over_nothing = nearby(flash("dspark", measured_with="none"), most_requests=4000)
    assert {"dspark-paper-prod" in point.source for point in over_nothing} == {False}
    assert over_nothing


def test_an_engine_s_requests_are_those_of_a_node_divided_by_its_engines() -> None:
    one, four = (nearby(decoded(engines_per_node=engines), 1e6) for engines in (1, 4))
    assert [point.concurrency for point in four] == [4 * point.concurrency for point in one]


def test_loads_beyond_the_curve_are_left_out() -> None:
    assert max(point.concurrency for point in nearby(decoded(), 1e6)) > 8
    assert max(point.concurrency for point in nearby(decoded(), 8)) <= 8


@pytest.mark.parametrize("fleet", [decoded(headline(1.5)), decoded("unsloth-mtp") | {"model_size": None}])
def test_a_constant_has_no_points_beside_it(fleet: dict[str, Any]) -> None:
    assert nearby(fleet) == ()


def test_the_plan_s_own_points_stand_before_the_published_ones() -> None:
    plan = read(on(decoded(), measurements=[a_point(1.3)]))
    explained = explain_uplift(plan, plan.fleets[0])
    assert explained is not None
    assert [point.used for point in explained.measured] == [True] + [False] * (len(explained.measured) - 1)
    assert len(explained.measured) > 5
