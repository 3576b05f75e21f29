"""Measured points: the model passes through one, is moved by several, and is trusted the more the better they agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.speculation.calibration import Spreads, acceptance_from_points, calibrate
from forecasts.speculation.measurement import Measurement, measurable_methods, points_on
from forecasts.speculation.model.acceptance import acceptance_length

SPREADS = Spreads(preset=0.3, acceptance_known=0.18, one_point=0.12)

speedups = st.floats(0.5, 5.0)
pairs = st.lists(st.tuples(speedups, speedups), min_size=1, max_size=8)


def a_point(**fields: Any) -> Measurement:
    given: dict[str, Any] = {
        "fleet": "pool",
        "method": "eagle3",
        "concurrency": 32.0,
        "input_tokens": 1000.0,
        "output_tokens": 500.0,
        "num_speculative_tokens": 3,
    }
    return Measurement(**given | fields)


def points_at(observed: list[float]) -> list[Measurement]:
    return [a_point(speedup=one) for one in observed]


@given(speedups, st.lists(speedups, min_size=1, max_size=20))
def test_the_model_passes_through_one_point_on_every_draw(observed: float, predicted: list[float]) -> None:
    found = calibrate(points_at([observed]), np.array([predicted]), SPREADS)
    assert np.exp(found.log_scale) * predicted == pytest.approx([observed] * len(predicted))
    assert found.sigma == pytest.approx(SPREADS.one_point)


@given(pairs)
def test_the_scale_lies_between_what_the_points_ask_for(pairs: list[tuple[float, float]]) -> None:
    observed, predicted = map(list, zip(*pairs, strict=True))
    asked = np.log(observed) - np.log(predicted)
    scale = calibrate(points_at(observed), predicted, SPREADS).log_scale
    assert asked.min() - 1e-9 <= scale <= asked.max() + 1e-9


@given(pairs, st.floats(0.5, 2.0))
def test_a_model_that_is_off_by_a_factor_everywhere_is_scaled_by_it(
    pairs: list[tuple[float, float]], factor: float
) -> None:
    observed, predicted = map(list, zip(*pairs, strict=True))
    before = calibrate(points_at(observed), predicted, SPREADS)
    after = calibrate(points_at(observed), np.array(predicted) * factor, SPREADS)
    assert after.log_scale == pytest.approx(before.log_scale - np.log(factor), abs=1e-6)
    assert after.sigma == pytest.approx(before.sigma)


@given(speedups, st.floats(0.5, 2.0), st.integers(1, 11))
def test_each_further_point_that_agrees_narrows_the_band(predicted: float, factor: float, count: int) -> None:
    fewer, more = (
        calibrate(points_at([predicted * factor] * number), [predicted] * number, SPREADS).sigma
        for number in (count, count + 1)
    )
    assert more < fewer <= SPREADS.one_point + 1e-12


def test_points_that_contradict_each_other_leave_a_wider_band_than_points_that_agree() -> None:
    agreeing = calibrate(points_at([1.5, 1.5, 1.5]), [1.4, 1.4, 1.4], SPREADS)
    contradicting = calibrate(points_at([1.0, 1.5, 2.2]), [1.4, 1.4, 1.4], SPREADS)
    assert contradicting.sigma > SPREADS.one_point > agreeing.sigma


def test_one_wild_point_among_several_moves_the_scale_less_than_the_mean_would() -> None:
    observed = [1.50, 1.52, 1.48, 1.51, 6.0]
    scale = float(calibrate(points_at(observed), [1.5] * 5, SPREADS).log_scale)
    assert 0.0 < scale < float(np.mean(np.log(observed) - np.log(1.5))) / 3.0


def test_with_measured_spreads_many_points_leave_what_was_measured() -> None:
    measured = Spreads(preset=0.3, acceptance_known=0.18, one_point=0.12, many_points=0.10)
    one, many = (calibrate(points_at([1.5] * number), [1.5] * number, measured).sigma for number in (1, 2))
    assert one == pytest.approx(0.12)
    # Two points: half of what one adds to the lasting variance, with the prior's four points against one of our own.
    assert many == pytest.approx(np.sqrt((0.10**2 + (0.12**2 - 0.10**2) / 2) * 4 / 5))


def test_without_a_point_the_model_stands_with_the_spread_of_its_preset() -> None:
    found = calibrate([], [], SPREADS)
    assert (float(found.log_scale), found.sigma, found.points) == (0.0, SPREADS.preset, ())


def test_acceptance_alone_leaves_the_scale_and_takes_the_spread_of_known_acceptance() -> None:
    point = a_point(acceptance_length=2.4)
    found = calibrate([point], [], SPREADS)
    assert (float(found.log_scale), found.sigma, found.points) == (0.0, SPREADS.acceptance_known, (point,))


def test_every_point_that_was_used_is_named() -> None:
    points = [a_point(acceptance_length=2.4), a_point(speedup=1.5)]
    assert calibrate(points, [1.4], SPREADS).points == tuple(points)


def test_points_and_predictions_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="2 points with a speedup need as many predictions"):
        calibrate(points_at([1.5, 1.6]), [1.4], SPREADS)


@given(first=st.floats(0.05, 0.95), rho=st.floats(0.7, 1.0), depth=st.integers(1, 12), with_bonus=st.booleans())
def test_acceptance_is_found_again_from_its_length(*, first: float, rho: float, depth: int, with_bonus: bool) -> None:
    length = float(acceptance_length(first, rho, depth)) - (0.0 if with_bonus else 1.0)
    point = a_point(acceptance_length=length, acceptance_length_includes_bonus=with_bonus, num_speculative_tokens=depth)
    found = acceptance_from_points([point], rho)
    assert found is not None
    assert float(found.first) == pytest.approx(first, abs=1e-6)


def test_several_acceptance_lengths_are_averaged_and_speedups_have_no_part_in_it() -> None:
    lengths = [float(acceptance_length(first, 0.96, 3)) for first in (0.6, 0.8)]
    points = [*(a_point(acceptance_length=one) for one in lengths), a_point(speedup=1.2)]
    found = acceptance_from_points(points, 0.96)
    assert found is not None
    assert float(found.first) == pytest.approx(0.7)
    assert acceptance_from_points(points[2:], 0.96) is None


def test_points_are_found_by_fleet_and_method() -> None:
    points = [a_point(speedup=1.1), a_point(fleet="other", speedup=1.2), a_point(method="dflash", speedup=1.3)]
    assert points_on(points, "pool", "eagle3") == (points[0],)
    assert points_on(points, "pool") == (points[0], points[2])


def test_the_context_of_a_request_grows_to_half_of_its_output_on_average() -> None:
    assert a_point(speedup=1.1, input_tokens=1000.0, output_tokens=500.0).context_tokens == 1250.0


def test_what_does_not_draft_cannot_be_measured() -> None:
    methods = measurable_methods()
    assert not {"none", "headline", "measured"} & set(methods)
    assert {"mtp-1", "eagle3", "dspark-v4-pro", "gemma-mtp"} <= set(methods)
