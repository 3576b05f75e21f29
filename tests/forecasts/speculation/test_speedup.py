"""The decode speedup: its limits in closed form, and what theory says of its slopes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecasts.speculation.model.acceptance import acceptance_length
from forecasts.speculation.model.drafting import Drafting, DraftKind, draft_coefficients, drafting_time, verified_tokens
from forecasts.speculation.model.speedup import decode_speedup, speedup_over
from forecasts.speculation.model.step_time import step_time
from forecasts.speculation.model.target import TargetModel
from tests.forecasts.estates import law
from tests.forecasts.speculation.settings import (
    BLOCK,
    DENSE,
    HEAD,
    LOOKUP,
    MOE,
    draftings,
    shipped,
    speculation,
    targets,
)

fractions = st.floats(0.0, 1.0)
loads = st.floats(0.1, 2000.0)
depths = st.integers(1, 16)


def speedup_of(
    first: float, load: float, *, target: TargetModel = DENSE, context: float = 0.0, **given: object
) -> float:
    return float(
        decode_speedup(
            first,
            load,
            speculation=speculation(**given),  # type: ignore[arg-type]
            target=target,
            context_tokens=context,
            parameters=shipped(),
        )
    )


@law
@given(st.floats(0.0, 0.99), depths)
def test_without_load_and_drafting_cost_it_is_leviathans_length(first: float, depth: int) -> None:
    free = replace(shipped(), draft_overhead=0.0, lookup_time=0.0)
    given_ = speculation(LOOKUP, depth=depth, rho=1.0)
    speedup = decode_speedup(first, 1e-9, speculation=given_, target=DENSE, context_tokens=0.0, parameters=free)
    assert speedup == pytest.approx((1 - first ** (depth + 1)) / (1 - first), rel=1e-6)


@law
@given(st.floats(0.01, 0.99), st.integers(1, 10), st.floats(0.001, 0.3))
def test_without_load_it_is_theorem_3_8_of_leviathan_et_al(first: float, depth: int, cost: float) -> None:
    """Their improvement factor `(1 - a**(g+1)) / ((1 - a) (g c + 1))` for a draft that costs `c` of a step a token."""
    parameters = replace(shipped(), draft_overhead=0.0, draft_token_time=cost, draft_size_exponent=0.0)
    speedup = decode_speedup(
        first,
        1e-9,
        speculation=speculation(HEAD, depth=depth, rho=1.0),
        target=DENSE,
        context_tokens=0.0,
        parameters=parameters,
    )
    assert speedup == pytest.approx((1 - first ** (depth + 1)) / ((1 - first) * (depth * cost + 1)), rel=1e-6)


@law
@given(fractions, depths, targets, draftings)
def test_at_endless_load_only_work_per_position_counts(
    first: float, depth: int, target: TargetModel, drafting: Drafting
) -> None:
    parameters, load = shipped(), 1e12
    per_position = 1.0 / (parameters.knee_tokens_moe if target.is_moe else parameters.knee_tokens_dense)
    per_request = parameters.request_time_moe if target.is_moe else parameters.request_time_dense
    drafter = draft_coefficients(drafting, target, parameters)
    drafts = float(drafting_time(depth, np.array(load), drafter)) / load
    verified = float(verified_tokens(depth, first, drafter))
    expected = acceptance_length(first, 0.95, depth) * (per_position + per_request)
    expected /= per_position * (1 + verified) + per_request + drafts
    assert speedup_of(first, load, target=target, drafting=drafting, depth=depth) == pytest.approx(
        float(expected), rel=1e-6
    )


@law
@given(loads, depths, targets, draftings)
def test_drafts_that_are_never_kept_only_cost(load: float, depth: int, target: TargetModel, drafting: Drafting) -> None:
    assert speedup_of(0.0, load, target=target, drafting=drafting, depth=depth) < 1.0


@law
@given(fractions, fractions, loads, depths, targets, draftings)
def test_more_acceptance_never_slows_where_a_draft_is_always_verified(
    a: float, b: float, load: float, depth: int, target: TargetModel, drafting: Drafting
) -> None:
    assume(drafting.kind is not DraftKind.NGRAM)
    slow, quick = (speedup_of(first, load, target=target, drafting=drafting, depth=depth) for first in sorted((a, b)))
    assert slow <= quick * (1 + 1e-12)


@law
@given(fractions, loads, depths, targets, draftings)
def test_an_adaptive_draft_is_as_good_as_any_fixed_one_and_never_a_loss(
    first: float, load: float, depth: int, target: TargetModel, drafting: Drafting
) -> None:
    fixed = [speedup_of(first, load, target=target, drafting=drafting, depth=one) for one in range(depth + 1)]
    adaptive = speedup_of(first, load, target=target, drafting=drafting, depth=depth, adaptive=True)
    assert adaptive == pytest.approx(max(fixed), rel=1e-12)
    assert fixed[0] == 1.0
    assert adaptive >= 1.0


@law
@given(fractions, loads, loads, depths, draftings)
def test_of_a_dense_model_it_never_grows_with_load(
    first: float, a: float, b: float, depth: int, drafting: Drafting
) -> None:
    assume(drafting.kind is not DraftKind.NGRAM)  # A search that finds nothing costs less, relatively, under load.
    low, high = (speedup_of(first, load, drafting=drafting, depth=depth) for load in sorted((a, b)))
    assert high <= low * (1 + 1e-9)


@law
@given(loads, loads, st.floats(0.0, 1e5), targets)
def test_a_step_never_gets_shorter_with_load(a: float, b: float, context: float, target: TargetModel) -> None:
    short, long = (
        float(step_time(load, load, context_tokens=context, target=target, parameters=shipped()))
        for load in sorted((a, b))
    )
    assert 1.0 < short <= long


def test_expert_reading_makes_a_moe_gain_fall_and_rise_again() -> None:
    """Few requests wake further experts with every draft token; many have woken them all without any draft."""
    gains = [speedup_of(0.8, load, target=MOE) for load in (1.0, 4.0, 32.0)]
    assert gains[1] < gains[0]
    assert gains[2] > gains[1]


def test_a_lookup_verifies_nothing_where_nothing_is_found() -> None:
    assert speedup_of(0.0, 500.0, drafting=LOOKUP, depth=8) > 0.97
    assert speedup_of(0.0, 500.0, drafting=HEAD, depth=8) < 0.5


def test_several_branches_cost_more_than_a_chain() -> None:
    assert speedup_of(0.8, 1.0, drafting=replace(HEAD, tree=True)) < speedup_of(0.8, 1.0, drafting=HEAD)


def test_saturated_experts_are_read_at_any_load() -> None:
    wide = replace(MOE, experts_saturated=True)
    assert speedup_of(0.8, 1.0, target=wide) > speedup_of(0.8, 1.0, target=MOE)
    assert speedup_of(0.8, 1000.0, target=wide) == pytest.approx(speedup_of(0.8, 1000.0, target=MOE), rel=1e-6)


def test_long_contexts_are_read_once_per_request_and_favour_drafts_at_load() -> None:
    assert speedup_of(0.8, 128.0, context=32768.0) > speedup_of(0.8, 128.0, context=128.0)


def test_workloads_draws_and_months_broadcast() -> None:
    speedup = decode_speedup(
        np.full((3, 1, 5), 0.8),
        np.array([[8.0], [64.0]]),
        speculation=speculation(BLOCK),
        target=MOE,
        context_tokens=np.array([100.0, 1000.0, 10000.0])[:, None, None],
        parameters=shipped(),
    )
    assert speedup.shape == (3, 2, 5)
    assert speedup[1, 1, 0] == pytest.approx(speedup_of(0.8, 64.0, target=MOE, context=1000.0, drafting=BLOCK))


def test_a_gain_over_another_decoder_is_a_quotient() -> None:
    assert speedup_over(2.4, 1.6) == pytest.approx(1.5)


@pytest.mark.parametrize(("active", "total"), [(0.0, 8.0), (9.0, 8.0)])
def test_an_impossible_model_is_refused(active: float, total: float) -> None:
    with pytest.raises(ValueError, match="active"):
        TargetModel(active_params_b=active, total_params_b=total)


def test_a_draft_model_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="parameters"):
        Drafting(kind=DraftKind.DRAFT_MODEL)
