"""The paper's frontier: it is read as it was drawn, agrees with what the paper says in words, and is never extended."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.frontiers import load_frontiers
from forecasts.speculation.frontier import (
    BASELINE,
    METHOD,
    Basis,
    frontier_gain,
    frontier_models,
    gain_at_equal_concurrency,
    gain_at_matched_speed,
    gain_at_matched_throughput,
    speed_at_throughput,
    throughput_at_concurrency,
    throughput_at_speed,
)

FLASH, PRO = "deepseek-v4-flash", "deepseek-v4-pro"
BASES: tuple[Basis, ...] = ("equal_concurrency", "matched_speed", "matched_throughput")

models = st.sampled_from([FLASH, PRO])
methods = st.sampled_from([BASELINE, METHOD])
anywhere = st.lists(st.floats(0.0, 30_000.0), min_size=2, max_size=20)


def test_both_v4_models_have_both_methods_in_both_figures() -> None:
    assert sorted(frontier_models()) == [FLASH, PRO]
    expected = {
        (model, method, curve)
        for model in (FLASH, PRO)
        for method in (BASELINE, METHOD)
        for curve in ("by_speed", "by_concurrency")
    }
    assert set(load_frontiers()) == expected


@pytest.mark.parametrize("key", sorted(load_frontiers()))
def test_a_corner_of_a_curve_is_read_back_exactly(key: tuple[str, str, str]) -> None:
    model, method, curve = key
    read = throughput_at_speed if curve == "by_speed" else throughput_at_concurrency
    drawn = load_frontiers()[key]
    reading = read(model, method, drawn.x)
    assert np.array_equal(reading.values, drawn.throughput)
    assert not reading.held.any()


@given(models, methods, anywhere)
def test_more_speed_for_each_user_is_never_more_throughput(model: str, method: str, speeds: list[float]) -> None:
    assert (np.diff(throughput_at_speed(model, method, np.sort(speeds)).values) <= 0.0).all()


@given(models, methods, anywhere)
def test_more_requests_at_once_are_never_less_throughput(model: str, method: str, concurrency: list[float]) -> None:
    assert (np.diff(throughput_at_concurrency(model, method, np.sort(concurrency)).values) >= 0.0).all()


@given(models, methods, st.floats(0.0, 1.0))
def test_speed_at_a_throughput_undoes_throughput_at_a_speed(model: str, method: str, place: float) -> None:
    x = load_frontiers()[model, method, "by_speed"].x
    speed = x[0] + place * (x[-1] - x[0])
    throughput = throughput_at_speed(model, method, speed).values
    assert speed_at_throughput(model, method, throughput).values == pytest.approx(speed, rel=1e-9)


@given(models, st.sampled_from(BASES), st.floats(0.0, 1e6))
def test_a_gain_outside_the_shared_range_is_the_gain_at_its_end(model: str, basis: Basis, at: float) -> None:
    low, high = frontier_gain(model, basis, 0.0).measured_range
    reading = frontier_gain(model, basis, at)
    assert reading.held == (not low <= at <= high)
    end = frontier_gain(model, basis, min(max(at, low), high))
    assert reading.values == end.values
    assert not end.held


@given(models, st.sampled_from(BASES), st.lists(st.floats(0.0, 500.0), min_size=1, max_size=12))
def test_reading_many_places_at_once_is_reading_each(model: str, basis: Basis, places: list[float]) -> None:
    together = frontier_gain(model, basis, np.array(places).reshape(1, -1))
    assert together.values.shape == together.held.shape == (1, len(places))
    assert together.values[0].tolist() == [float(frontier_gain(model, basis, one).values) for one in places]


@given(models, st.floats(0.0, 400.0))
def test_at_equal_concurrency_the_measured_gain_is_the_ratio_of_the_curves(model: str, concurrency: float) -> None:
    reading = gain_at_equal_concurrency(model, concurrency)
    assert 1.0 < float(reading.values) < 2.0
    if not reading.held:
        ours, theirs = (throughput_at_concurrency(model, one, concurrency).values for one in (METHOD, BASELINE))
        assert reading.values == pytest.approx(ours / theirs)


# The paper's own words, each within three points.
@pytest.mark.parametrize(("model", "speed", "gain"), [(FLASH, 80, 1.51), (PRO, 35, 1.52)])
def test_throughput_at_a_moderate_speed_is_what_the_paper_says(model: str, speed: float, gain: float) -> None:
    reading = gain_at_matched_speed(model, speed)
    assert float(reading.values) == pytest.approx(gain, abs=0.03)
    assert not reading.held


@pytest.mark.parametrize(
    ("model", "slow", "fast", "least", "most"), [(FLASH, 80, 120, 1.60, 1.85), (PRO, 35, 50, 1.57, 1.78)]
)
def test_speed_at_the_same_throughput_is_what_the_paper_says(
    model: str, slow: float, fast: float, least: float, most: float
) -> None:
    totals = throughput_at_speed(model, BASELINE, np.linspace(slow, fast, 200)).values
    gains = gain_at_matched_throughput(model, totals)
    assert gains.values.min() == pytest.approx(least, abs=0.03)
    assert gains.values.max() == pytest.approx(most, abs=0.03)
    assert not gains.held.any()


@pytest.mark.parametrize(("model", "few", "many"), [(FLASH, 1.72, 1.17), (PRO, 1.85, 1.13)])
def test_throughput_at_equal_concurrency_is_what_the_paper_says(model: str, few: float, many: float) -> None:
    reading = gain_at_equal_concurrency(model, [5.0, 200.0])
    assert reading.values == pytest.approx([few, many], abs=0.03)
    assert not reading.held.any()


@pytest.mark.parametrize(("model", "speed", "gain"), [(FLASH, 120, 7.61), (PRO, 50, 5.06)])
def test_throughput_at_a_strict_speed_is_the_nominal_figure_of_the_paper(model: str, speed: float, gain: float) -> None:
    assert float(gain_at_matched_speed(model, speed).values) == pytest.approx(gain, abs=0.03)
