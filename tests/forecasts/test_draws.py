"""Random factors: ranges have their mean and bounds, and streams are keyed by name and calendar month."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm

from forecasts.draws import Draws, Pert
from tests.forecasts.estates import law
from tests.forecasts.generated import ranges

COUNT = 50_000


def sample(pert: Pert, seed: int = 3) -> Any:
    return pert.at(Draws(seed=seed, count=COUNT).normal("a factor"))


@law
@given(ranges(-500, 3000))
def test_a_range_has_its_mean_and_stays_within_its_bounds(three: dict[str, float]) -> None:
    low, mode, high = three["low"], three["mode"], three["high"]
    values = sample(Pert(low=low, mode=mode, high=high))
    assert values.min() >= low
    assert values.max() <= high
    if low == high:
        assert set(values.tolist()) == {low}
        return
    # A beta of shape 4 has a variance of (mean - low)(high - mean)/7; four standard errors, and the interpolation.
    mean = (low + 4 * mode + high) / 6
    error = np.sqrt((mean - low) * (high - mean) / 7 / COUNT)
    assert abs(values.mean() - mean) <= 4 * error + 1e-4 * (high - low)
    assert Pert(low=low, mode=mode, high=high).mean == pytest.approx(mean)


@pytest.mark.parametrize("three", [(0.20, 0.25, 0.40), (0, 0, 1), (0, 1, 1), (-0.05, 0.02, 0.2), (1.5, 1.67, 1.85)])
def test_a_ranges_quantiles_are_those_of_its_beta(three: tuple[float, float, float]) -> None:
    low, mode, high = three
    exact = beta(1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low), low, high - low)
    normals = np.linspace(-3.5, 3.5, 1001)
    from_normals = Pert(low=low, mode=mode, high=high).at(normals)
    assert np.abs(from_normals - exact.ppf(norm.cdf(normals))).max() <= 1e-4 * (high - low)
    assert (np.diff(from_normals) >= 0).all()


@law
@given(ranges(-500, 3000), st.integers(1, 500))
def test_raising_a_range_raises_it_on_every_path(three: dict[str, float], by: int) -> None:
    """All of it by the same amount, or its most likely value towards its high end."""
    moved = {name: value + by / 1000 for name, value in three.items()}
    leaning = three | {"mode": (three["mode"] + three["high"]) / 2}
    lower = sample(Pert(**three))
    for raised in (moved, leaning):
        assert (sample(Pert(**raised)) >= lower - 1e-4 * (three["high"] - three["low"]) - 1e-12).all()


def test_a_certain_range_is_one_number() -> None:
    assert (sample(Pert.certain(1.67)) == 1.67).all()
    assert Pert.certain(1.67).is_certain
    assert not Pert(low=1, mode=1, high=2).is_certain


def test_streams_are_keyed_by_seed_name_and_month() -> None:
    draws = Draws(seed=1, count=8)
    months = np.array([24_324, 24_325])
    streams = [
        draws.normal("a"),
        draws.normal("b"),
        Draws(seed=2, count=8).normal("a"),
        *draws.normal_by_month("a", months),
    ]
    assert len({stream.tobytes() for stream in streams}) == 5
    np.testing.assert_array_equal(draws.normal("a"), Draws(seed=1, count=8).normal("a"))
    np.testing.assert_array_equal(draws.normal_by_month("a", months[1:])[0], draws.normal_by_month("a", months)[1])


def test_what_was_drawn_before_changes_nothing() -> None:
    fresh, used = Draws(seed=5, count=16), Draws(seed=5, count=16)
    used.correlated("common", "one", 0.5)
    used.correlated_by_month("common", "one", 0.2, np.array([3, 4]))
    used.uniform("date")
    np.testing.assert_array_equal(used.correlated("common", "other", 0.5), fresh.correlated("common", "other", 0.5))
    np.testing.assert_array_equal(
        used.correlated_by_month("common", "other", 0.7, np.array([3, 4])),
        fresh.correlated_by_month("common", "other", 0.7, np.array([3, 4])),
    )


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_factors_in_common_have_the_stated_correlation(correlation: float) -> None:
    draws = Draws(seed=11, count=COUNT)
    one, other = (draws.correlated("common", name, correlation) for name in ("one", "other"))
    for values in (one, other):
        assert abs(values.mean()) <= 4 / np.sqrt(COUNT)
        assert abs(values.std() - 1) <= 4 / np.sqrt(2 * COUNT)
    assert abs(np.corrcoef(one, other)[0, 1] - correlation) <= 4 / np.sqrt(COUNT)


def test_uniforms_lie_between_zero_and_one() -> None:
    values = Draws(seed=11, count=COUNT).uniform("date")
    assert values.min() >= 0
    assert values.max() < 1
    assert abs(values.mean() - 0.5) <= 4 / np.sqrt(12 * COUNT)
