"""Acceptance: the closed form of independent acceptance, and figures that come back as they were measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.speculation.model.acceptance import (
    acceptance_from_curve,
    acceptance_from_length,
    acceptance_from_rate,
    acceptance_length,
    acceptance_lengths,
)
from tests.forecasts.estates import law

fractions = st.floats(0.0, 1.0)
inner = st.floats(0.02, 0.98)
depths = st.integers(1, 64)


@law
@given(st.floats(0.0, 0.999), st.integers(0, 64))
def test_without_decay_it_is_the_geometric_sum_of_leviathan_et_al(alpha: float, depth: int) -> None:
    expected = (1 - alpha ** (depth + 1)) / (1 - alpha)
    assert acceptance_length(alpha, 1.0, depth) == pytest.approx(expected, rel=1e-9)


@law
@given(fractions, fractions, st.integers(0, 12))
def test_it_is_the_sum_of_the_products_of_positions(first: float, rho: float, depth: int) -> None:
    positions = [first * rho**index for index in range(depth)]
    expected = 1 + sum(np.prod(positions[: kept + 1]) for kept in range(depth))
    assert acceptance_length(first, rho, depth) == pytest.approx(expected, rel=1e-12)


@law
@given(fractions, fractions, depths)
def test_lengths_by_depth_start_at_one_and_rise_to_the_last(first: float, rho: float, depth: int) -> None:
    lengths = np.array(acceptance_lengths(first, rho, depth))
    assert lengths[0] == 1.0
    assert np.all(np.diff(lengths) >= 0.0)
    assert lengths[-1] == pytest.approx(float(acceptance_length(first, rho, depth)), rel=1e-12)
    assert lengths[-1] <= depth + 1


@law
@given(fractions, fractions, fractions, fractions, depths)
def test_more_acceptance_and_less_decay_never_shorten_it(a: float, b: float, c: float, d: float, depth: int) -> None:
    fewer = acceptance_length(min(a, b), min(c, d), depth)
    assert fewer <= acceptance_length(max(a, b), max(c, d), depth) * (1 + 1e-12)


@law
@given(inner, st.floats(0.5, 1.0), st.integers(1, 16))
def test_a_measured_length_gives_back_its_acceptance(first: float, rho: float, depth: int) -> None:
    length = acceptance_length(first, rho, depth)
    found = acceptance_from_length(length, rho, depth)
    assert found.length(depth) == pytest.approx(float(length), rel=1e-9)
    assert found.first == pytest.approx(first, rel=1e-6)
    without = acceptance_from_length(length - 1.0, rho, depth, includes_bonus=False)
    assert without.first == pytest.approx(float(found.first), rel=1e-9)


@law
@given(st.floats(0.0, 1.0), st.floats(0.3, 1.0), st.integers(1, 16))
def test_a_length_that_the_decay_forbids_eases_the_decay(share: float, rho: float, depth: int) -> None:
    length = 1.0 + share * depth
    assert acceptance_from_length(length, rho, depth).length(depth) == pytest.approx(length, abs=1e-9)


@law
@given(fractions, st.floats(0.3, 1.0), st.integers(1, 16))
def test_a_rate_over_all_drafts_gives_its_length(rate: float, rho: float, depth: int) -> None:
    assert acceptance_from_rate(rate, rho, depth).length(depth) == pytest.approx(1.0 + rate * depth, abs=1e-9)


@law
@given(inner, st.floats(0.6, 1.0), st.integers(2, 8))
def test_a_curve_by_position_gives_back_first_and_decay(first: float, rho: float, depth: int) -> None:
    conditional = [first * rho**index for index in range(depth)]
    for curve, is_conditional in ((conditional, True), (np.cumprod(conditional).tolist(), False)):
        found = acceptance_from_curve(curve, conditional=is_conditional)
        assert found.length(depth) == pytest.approx(float(acceptance_length(first, rho, depth)), rel=1e-3)
        assert found.first == pytest.approx(first, abs=2e-3)


def test_arrays_keep_their_shape() -> None:
    first = np.linspace(0.1, 0.9, 12).reshape(3, 1, 4)
    assert acceptance_length(first, 0.9, 3).shape == (3, 1, 4)
    assert acceptance_from_length(np.full((2, 5), 2.5), 0.9, 3).first.shape == (2, 5)


@pytest.mark.parametrize(
    ("length", "depth", "bonus"), [(0.99, 3, True), (4.01, 3, True), (3.01, 3, False), (-0.1, 3, False), (2.0, 0, True)]
)
def test_an_impossible_length_is_refused(length: float, depth: int, bonus: bool) -> None:  # noqa: FBT001
    with pytest.raises(ValueError, match="lies between"):
        acceptance_from_length(length, 0.9, depth, includes_bonus=bonus)


@pytest.mark.parametrize("first", [-0.01, 1.01, float("nan")])
def test_an_acceptance_that_is_no_fraction_is_refused(first: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        acceptance_length(first, 1.0, 3)


@pytest.mark.parametrize("curve", [[], [0.5, 0.6], [1.2], [float("nan")]])
def test_an_impossible_curve_is_refused(curve: list[float]) -> None:
    with pytest.raises(ValueError, match=r"curve|kept|fraction"):
        acceptance_from_curve(curve)
