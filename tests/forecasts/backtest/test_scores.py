"""Scoring figures: by hand on a few points, and as laws of weights and bands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.backtest.scores import NOTHING_TO_SCORE, balanced_weights, score, weighted_quantile
from tests.forecasts.estates import law

positive = st.lists(st.floats(0.1, 10.0), min_size=1, max_size=20)


def test_figures_are_those_of_a_small_example_by_hand() -> None:
    scores = score(np.array([1.1, 1.8, 3.0]), np.array([1.0, 2.0, 2.0]))
    assert scores.median_error == pytest.approx(0.1)
    assert scores.mean_error == pytest.approx((0.1 + 0.1 + 0.5) / 3)
    assert scores.bias == pytest.approx((0.1 - 0.1 + 0.5) / 3)
    assert (scores.pinball, scores.coverage) == (None, None)


def test_the_band_covers_what_lies_in_it_and_the_loss_is_of_the_logarithm() -> None:
    observed = np.array([1.0, 2.0, 4.0, 8.0])
    middle = np.full(4, 2.0)
    scores = score(middle, observed, quantiles={0.1: middle / 2.5, 0.5: middle, 0.9: middle * 2.5})
    assert scores.coverage == 0.75
    one = score(np.array([2.0]), np.array([4.0]), quantiles={0.5: np.array([2.0])})
    assert one.pinball == pytest.approx(0.5 * math.log(2.0))


@law
@given(positive)
def test_a_perfect_prediction_has_no_error_and_full_coverage(values: list[float]) -> None:
    truth = np.array(values)
    scores = score(truth, truth, quantiles={0.1: truth, 0.5: truth, 0.9: truth})
    assert (scores.median_error, scores.p90_error, scores.bias, scores.pinball) == (0.0, 0.0, 0.0, 0.0)
    assert scores.coverage == pytest.approx(1.0)


@law
@given(positive, st.floats(0.01, 100.0))
def test_weights_are_relative(values: list[float], scale: float) -> None:
    truth, weights = np.array(values), np.arange(1.0, len(values) + 1.0)
    light = score(np.ones(len(values)), truth, weights=weights)
    assert score(np.ones(len(values)), truth, weights=scale * weights).mean_error == pytest.approx(light.mean_error)


@law
@given(positive, st.integers(1, 5))
def test_a_point_of_twice_the_weight_counts_as_two(values: list[float], times: int) -> None:
    truth = np.array(values)
    weighted = score(np.ones(len(truth)), truth, weights=np.full(len(truth), float(times)))
    repeated = score(np.ones(len(truth) * times), np.tile(truth, times))
    assert weighted.mean_error == pytest.approx(repeated.mean_error)
    assert weighted.bias == pytest.approx(repeated.bias)


def test_a_point_without_a_prediction_does_not_count() -> None:
    scores = score(np.array([np.nan, 2.0]), np.array([1.0, 1.0]))
    assert scores.median_error == 1.0
    assert score(np.array([np.nan]), np.array([1.0])) == NOTHING_TO_SCORE


def test_the_median_of_equal_weights_is_the_median() -> None:
    values = np.array([5.0, 1.0, 3.0, 2.0])
    assert weighted_quantile(values, np.ones(4), 0.5) == np.median(values)


def test_balanced_groups_weigh_the_same() -> None:
    groups = np.array(["a", "a", "a", "b"])
    weights = balanced_weights(groups)
    assert weights[:3].sum() == pytest.approx(weights[3])
    assert balanced_weights(groups, power=0.0).tolist() == [1.0] * 4
