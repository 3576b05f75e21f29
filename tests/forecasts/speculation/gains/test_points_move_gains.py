"""Measured points of a fleet decide what its decoder gains: through one, between several, and closer the more agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.draws import Draws
from tests.forecasts.estates import answer, headline, law
from tests.forecasts.speculation.gains.decoded import asked, decoded, flash, on, speedups, the_fleet
from tests.forecasts.test_bad_measurements import a_speedup

# What a benchmark of 1,000 tokens in and 500 out asks, every answer alike.
ALIKE = {"input_tokens_per_request": 1000, "output_tokens_per_request": {"histogram": [[500, 500 + 1e-9, 1.0]]}}


def a_point(speedup: float, concurrency: float = 64, **fields: Any) -> dict[str, Any]:
    return a_speedup(speedup=speedup, concurrency=concurrency, input_tokens=1000, output_tokens=500, **fields)


def measured(*points: dict[str, Any], fleet: dict[str, Any] | None = None, **demand: Any) -> dict[str, Any]:
    return on(fleet or decoded(), asked(**(ALIKE | demand)), measurements=list(points))


def width(document: dict[str, Any]) -> float:
    """The standard deviation of the logarithm of the gain."""
    return float(np.log(speedups(document)).std())


@law
@given(st.floats(0.6, 4.0), st.integers(1, 500))
def test_the_gain_passes_through_one_point_whatever_the_acceptance_drawn(speedup: float, load: int) -> None:
    """What is left around it is the model's error alone, the same number of sigmas on each path as is drawn."""
    rates = {"concurrency_per_node": load, "output_tokens_per_second": 60 * load}
    values = speedups(measured(a_point(speedup, load), fleet=decoded(**rates)))
    error = Draws(seed=7, count=512).normal("uplift error:eagle3")
    sigma = np.log(values / speedup) / error
    assert sigma == pytest.approx(np.full(512, sigma[0]), rel=1e-6)
    assert 0.05 < sigma[0] < 0.2


def test_a_point_moves_the_gain_at_other_loads_in_the_same_proportion() -> None:
    at_64 = measured(a_point(1.2, 64))
    elsewhere = decoded(concurrency_per_node=8, output_tokens_per_second=480)
    moved = speedups(measured(a_point(1.2, 64), fleet=elsewhere)) / speedups(at_64)
    # The error of the model is the same on each path at both loads, and falls out, as does the scale.
    unmoved = speedups(measured(fleet=elsewhere)) / speedups(measured())
    assert moved == pytest.approx(unmoved, rel=1e-9)


def test_one_point_narrows_the_band_and_several_that_agree_narrow_it_further() -> None:
    none, one, three = measured(), measured(a_point(1.4)), measured(*[a_point(1.4, load) for load in (63, 64, 65)])
    assert width(none) > width(one) > width(three)


def test_points_that_contradict_each_other_widen_the_band_again() -> None:
    agree, contradict = (measured(a_point(1.4, 64), a_point(other, 65)) for other in (1.4, 0.7))
    assert width(contradict) > width(agree)


def test_an_acceptance_length_replaces_the_range_of_the_preset() -> None:
    point = a_speedup(input_tokens=1000, output_tokens=500, acceptance_length=2.4)
    del point["speedup"]
    values = speedups(measured(point))
    error = Draws(seed=7, count=512).normal("uplift error:eagle3")
    assert np.corrcoef(np.log(values), error)[0, 1] == pytest.approx(1)
    assert width(measured(point)) < width(measured())
    stated = speedups(measured(fleet=decoded({"preset": "eagle3", "acceptance": {"length": 2.4}})))
    assert values == pytest.approx(stated, rel=1e-9)


def test_the_forecast_says_which_points_it_used() -> None:
    used = a_point(1.3)
    document = measured(used, a_point(2.0, method="dflash"), a_point(1.9) | {"fleet": "other"})
    document["fleets"].append(decoded() | {"name": "other"})
    pool, other = [fleet["decoder"]["measurements_used"] for fleet in answer(document)["fleets"]]
    assert [(point["method"], point["speedup"]) for point in pool] == [("eagle3", 1.3)]
    assert [point["speedup"] for point in other] == [1.9]
    assert pool[0].items() >= {"concurrency": 64, "speedup_over": "none", "acceptance_length": None}.items()


def test_a_headline_uses_no_point() -> None:
    document = measured(a_point(2.0), fleet=decoded(headline(1.5)))
    assert the_fleet(document)["decoder"]["measurements_used"] == []
    assert (speedups(document) == 1.5).all()


def test_a_point_over_mtp_1_is_passed_through_over_mtp_1() -> None:
    """What is left are the errors of the two decoders alone, whatever their acceptances were drawn to be."""
    point = a_point(1.2, method="dspark", speedup_over="mtp-1")
    values = speedups(measured(point, fleet=decoded("dspark", measured_with="mtp-1")))
    draws = Draws(seed=7, count=512)
    errors = np.stack([draws.normal(f"uplift error:{preset}") for preset in ("dspark", "mtp-1")], axis=1)
    _, [left], _, _ = np.linalg.lstsq(errors, np.log(values / 1.2), rcond=None)
    assert left == pytest.approx(0, abs=1e-12)


def test_a_point_over_mtp_1_moves_the_paper_s_frontier_to_it() -> None:
    fleet = flash(concurrency_per_node=400, output_tokens_per_second=400 * 80)
    point = a_point(1.3, 400, method="dspark-v4-flash", speedup_over="mtp-1")
    values = speedups(measured(point, fleet=fleet))
    assert np.median(values) == pytest.approx(1.3, rel=0.02)
    assert np.median(speedups(measured(fleet=fleet))) > 1.35


@pytest.mark.parametrize(("load", "speedup"), [(10, 2.0), (40, 1.5), (20, np.sqrt(3.0)), (5, 2.0), (80, 1.5)])
def test_the_user_s_own_points_are_read_straight_in_logarithms_and_held_beyond(load: float, speedup: float) -> None:
    points = [a_point(2.0, 10), a_point(1.5, 40)]
    fleet = decoded("measured", concurrency_per_node=load, output_tokens_per_second=load * 60)
    values = speedups(measured(*points, fleet=fleet))
    error = Draws(seed=7, count=512).normal("uplift error:measured")
    assert np.corrcoef(np.log(values), error)[0, 1] == pytest.approx(1)
    level = np.log(values) - error * np.log(values).std() / error.std()
    assert np.exp(level.mean()) == pytest.approx(speedup, rel=1e-6)
