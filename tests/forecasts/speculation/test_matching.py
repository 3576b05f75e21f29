"""Matched bases: gains found on curves agree with what their formulas say, and ends are owned up to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.speculation.model.curves import ModelCurve, SampledCurve
from forecasts.speculation.model.matching import speed_gain_at_throughput, throughput_gain_at_speed
from tests.forecasts.estates import law
from tests.forecasts.speculation.settings import DENSE, MOE, shipped, speculation

LOADS = np.array([1.0, 4.0, 16.0, 64.0, 256.0])


def hyperbola(at_one: float) -> SampledCurve:
    """Speed `at_one / sqrt(load)`: straight in logarithms, so interpolation is exact."""
    return SampledCurve(loads=LOADS, speeds=at_one / np.sqrt(LOADS))


@law
@given(st.floats(1.0, 2.0), st.floats(8.0, 90.0))
def test_on_power_laws_the_gain_is_that_of_the_formula(quicker: float, speed: float) -> None:
    gain = throughput_gain_at_speed(hyperbola(100.0), hyperbola(100.0 * quicker), speed)
    assert gain.gain == pytest.approx(quicker**2, rel=1e-6) or bool(gain.held)
    assert gain.baseline_load == pytest.approx((100.0 / speed) ** 2, rel=1e-6)


@law
@given(st.floats(1.0, 2.0), st.floats(250.0, 1500.0))
def test_speed_at_the_same_total_is_found_where_both_make_it(quicker: float, total: float) -> None:
    gain = speed_gain_at_throughput(hyperbola(100.0), hyperbola(100.0 * quicker), total)
    slow, quick = gain.baseline_load, gain.decoded_load
    assert slow * 100.0 / np.sqrt(slow) == pytest.approx(total, rel=1e-6)
    assert quick * 100.0 * quicker / np.sqrt(quick) == pytest.approx(total, rel=1e-6)
    assert gain.gain == pytest.approx(float(slow / quick), rel=1e-6)


def test_throughput_and_concurrency_give_the_same_curve() -> None:
    by_load = hyperbola(100.0)
    by_total = SampledCurve.from_throughputs((LOADS * by_load.speeds)[::-1], by_load.speeds[::-1])
    between = np.array([2.0, 10.0, 100.0])
    assert by_total.speed_at(between) == pytest.approx(by_load.speed_at(between))


@pytest.mark.parametrize("speed", [150.0, 2.0])
def test_beyond_both_ends_the_ends_are_held_and_said_so(speed: float) -> None:
    gain = throughput_gain_at_speed(hyperbola(100.0), hyperbola(110.0), speed)
    assert bool(gain.held)
    assert gain.gain == pytest.approx(1.0)


def test_a_gain_without_bound_is_capped_and_said_so() -> None:
    gain = throughput_gain_at_speed(hyperbola(100.0), hyperbola(200.0), np.array([99.0, 20.0]), most=3.0)
    assert gain.capped.tolist() == [True, True]
    assert gain.gain.tolist() == [3.0, 3.0]


@law
@given(st.floats(0.3, 0.95), st.sampled_from([DENSE, MOE]), st.floats(0.02, 0.9))
def test_on_the_models_own_curves_both_sides_meet_the_speed(first: float, target: object, speed: float) -> None:
    plain, quick = curve(target), curve(target, first)
    gain = throughput_gain_at_speed(plain, quick, speed)
    if not gain.held:
        assert plain.speed_at(gain.baseline_load) == pytest.approx(speed, rel=1e-9)
        assert quick.speed_at(gain.decoded_load) == pytest.approx(speed, rel=1e-9)


def curve(target: object, first: float | np.ndarray | None = None, **more: object) -> ModelCurve:
    return ModelCurve(
        target=target,  # type: ignore[arg-type]
        parameters=shipped(),
        context_tokens=500.0,
        lowest_load=0.01,
        highest_load=4096.0,
        speculation=None if first is None else speculation(),
        first=0.0 if first is None else first,
        **more,  # type: ignore[arg-type]
    )


def test_draws_are_solved_together_and_better_ones_gain_more() -> None:
    draws = np.linspace(0.5, 0.95, 64)
    gain = throughput_gain_at_speed(curve(DENSE), curve(DENSE, draws), 0.5)
    assert gain.gain.shape == (64,)
    assert np.all(np.diff(gain.gain) > 0.0)
    alone = throughput_gain_at_speed(curve(DENSE), curve(DENSE, float(draws[10])), 0.5)
    assert gain.gain[10] == pytest.approx(float(alone.gain), rel=1e-9)


def test_a_factor_scales_the_speed_of_the_decoded_curve() -> None:
    plain, better = curve(DENSE, 0.8), curve(DENSE, 0.8, factor=np.array([0.8, 1.0, 1.25]))
    load = np.array([16.0])
    assert better.speed_at(load) / plain.speed_at(load) == pytest.approx(np.array([0.8, 1.0, 1.25]))


@pytest.mark.parametrize(
    ("loads", "speeds"),
    [([1.0], [2.0]), ([1.0, 1.0], [2.0, 1.0]), ([1.0, 2.0], [1.0, 2.0]), ([0.0, 1.0], [2.0, 1.0]), ([1, 2], [1, 0])],
)
def test_a_curve_that_is_none_is_refused(loads: list[float], speeds: list[float]) -> None:
    with pytest.raises(ValueError, match="of a curve are positive"):
        SampledCurve(loads=np.array(loads), speeds=np.array(speeds))
