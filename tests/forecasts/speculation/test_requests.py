"""Whole requests: steps over lengths, the decode share and what it leaves of a speedup."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.speculation.model.requests import (
    LengthDistribution,
    decode_share,
    effective_acceptance_length,
    length_distribution,
    steps_per_request,
    whole_request_speedup,
)
from forecasts.workload import OutputLengths
from tests.forecasts.estates import law
from tests.forecasts.speculation.settings import DENSE, shipped

means = st.floats(1.0, 4000.0)
taus = st.floats(1.0, 8.0)


def exactly(tokens: float) -> LengthDistribution:
    return LengthDistribution(tokens=np.array([tokens]), shares=np.array([1.0]))


@pytest.mark.parametrize(("tokens", "tau", "steps"), [(1, 3, 1), (2, 3, 2), (4, 3, 2), (5, 3, 3), (100, 1, 100)])
def test_prefill_yields_the_first_token_and_the_last_step_is_cut_short(tokens: int, tau: float, steps: float) -> None:
    assert steps_per_request(tau, exactly(tokens)) == steps


def test_one_token_leaves_nothing_to_speed_up() -> None:
    assert effective_acceptance_length(4.0, exactly(1)) == 1.0


@law
@given(means, taus)
def test_the_effective_length_lies_between_one_and_the_steps_own(mean: float, tau: float) -> None:
    lengths = length_distribution(OutputLengths(mean=mean))
    assert 1.0 <= effective_acceptance_length(tau, lengths) <= tau


def test_short_outputs_lose_more_of_it_than_long_ones() -> None:
    lost = [
        1 - float(effective_acceptance_length(4.0, length_distribution(OutputLengths(mean=mean)))) / 4.0
        for mean in (8.0, 80.0, 800.0, 80_000.0)
    ]
    assert lost == sorted(lost, reverse=True)
    assert lost[0] > 0.15
    assert lost[-1] < 0.001


@law
@given(means, taus, taus)
def test_a_longer_step_never_takes_more_steps(mean: float, a: float, b: float) -> None:
    lengths = length_distribution(OutputLengths(mean=mean))
    assert steps_per_request(max(a, b), lengths) <= steps_per_request(min(a, b), lengths)


def test_declared_lengths_keep_what_was_declared() -> None:
    assert length_distribution(OutputLengths(mean=500.0)).mean == pytest.approx(500.0, rel=1e-3)
    quantiles = length_distribution(OutputLengths(mean=300.0, p50=200.0, p90=700.0))
    assert np.interp(0.5, np.cumsum(quantiles.shares) - 1 / 64, quantiles.tokens) == pytest.approx(200.0, rel=0.02)
    assert np.interp(0.9, np.cumsum(quantiles.shares) - 1 / 64, quantiles.tokens) == pytest.approx(700.0, rel=0.02)
    histogram = length_distribution(OutputLengths(mean=0.0, histogram=((0, 100, 0.5), (100, 500, 0.5))))
    assert histogram.mean == pytest.approx(0.5 * 50 + 0.5 * 300)
    assert histogram.shares.sum() == pytest.approx(1.0)


@law
@given(st.floats(0.1, 1000.0), st.floats(0.0, 4000.0), st.floats(0.0, 1e5), st.floats(0.0, 1.0))
def test_the_decode_share_is_a_fraction(load: float, output: float, inputs: float, cached: float) -> None:
    share = float(share_of(load, output, inputs, cached))
    assert 0.0 <= share <= 1.0
    if output and (inputs == 0.0 or cached == 1.0):
        assert share == 1.0


def share_of(load: float, output: float, inputs: float, cached: float) -> np.ndarray:
    return decode_share(
        load,
        output_tokens=output,
        input_tokens=inputs,
        cached_input_fraction=cached,
        context_tokens=0.0,
        target=DENSE,
        parameters=shipped(),
    )


def test_longer_prompts_and_busier_engines_leave_decoding_less_of_the_time() -> None:
    assert share_of(32, 200, 8000, 0.0) < share_of(32, 200, 1000, 0.0)
    assert share_of(256, 200, 1000, 0.0) < share_of(1, 200, 1000, 0.0)
    assert share_of(32, 200, 8000, 0.9) > share_of(32, 200, 8000, 0.0)


@law
@given(st.floats(0.2, 8.0), st.floats(0.0, 1.0))
def test_a_whole_request_gains_between_nothing_and_its_decoding(speedup: float, fraction: float) -> None:
    whole = float(whole_request_speedup(speedup, fraction))
    assert min(1.0, speedup) * (1 - 1e-12) <= whole <= max(1.0, speedup) * (1 + 1e-12)
