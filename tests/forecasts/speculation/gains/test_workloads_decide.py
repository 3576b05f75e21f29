"""What a workload asks of a decoder: its task, its lengths, its prompts, its temperature, and its part of a fleet."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.acceptance import find_acceptance
from forecasts.speculation.acceptance_ranges import acceptance_range
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.model.parameters import load_uplift_parameters
from tests.forecasts.estates import law, read
from tests.forecasts.speculation.gains.decoded import asked, decoded, on, speedups, the_fleet

PRESETS = ["mtp-1", "eagle3", "dflash", "dspark"]


def of_length(tokens: float) -> dict[str, Any]:
    """Every answer has exactly so many tokens."""
    return {"output_tokens_per_request": {"histogram": [[tokens, tokens + 1e-9, 1.0]]}}


def medians(*workloads: dict[str, Any], preset: str = "eagle3") -> list[float]:
    return [float(np.median(speedups(on(decoded(preset), one)))) for one in workloads]


@law
@given(st.sampled_from(PRESETS), st.integers(1, 400), st.integers(1, 400))
def test_a_mix_gains_what_its_outputs_over_their_time_do(preset: str, chat_millions: int, code_millions: int) -> None:
    """`sum(out) / sum(out / S)` in each month, on every path: here the code grows and the chat does not."""
    chat = asked(requests_per_month=chat_millions * 1e6)
    code = asked(requests_per_month=code_millions * 1e6, task="code", monthly_growth=0.5) | {"name": "code"}
    document = on(decoded(preset), chat, code)
    plan_draws = 64
    of_chat = speedups(on(decoded(preset), chat), draws=plan_draws)
    of_code = speedups(on(decoded(preset), code), draws=plan_draws)
    for month, shown in enumerate(the_fleet(document)["months"]):
        output = np.array([chat_millions, code_millions * 1.5**month])
        mixed = output.sum() / (output[0] / of_chat + output[1] / of_code)
        assert shown["speedup"]["mean"] == pytest.approx(mixed.mean(), abs=1e-6)
        assert shown["speedup"]["p90"] == pytest.approx(np.quantile(mixed, 0.9), abs=1e-6)


@law
@given(st.sampled_from(PRESETS), st.integers(1, 300), st.integers(1, 300))
def test_longer_answers_gain_as_much_or_more(preset: str, one: int, other: int) -> None:
    """The last step of an answer is cut short, and the shorter the answer, the more of it is last step.

    Of whole lengths one may fit its steps better than a longer one, so lengths are spread as a mean alone spreads them.
    """
    short, long = sorted((one, other))
    context = {"input_tokens_per_request": 0}
    shorter, longer = (
        speedups(on(decoded(preset), asked(output_tokens_per_request=length, **context))) for length in (short, long)
    )
    # A longer answer also has more context to be read, with the draft and without, which dilutes what a draft costs.
    assert (shorter <= longer * 1.02).all()


def test_answers_of_one_token_gain_nothing_and_lose_what_is_drafted_for_them() -> None:
    """Prefill yields the first token: no draft can be kept."""
    one_token = asked(**of_length(1))
    assert (speedups(on(decoded("eagle3"), one_token)) / speedups(on(decoded("eagle3"), asked())) < 0.75).all()
    without_error = on(decoded({"preset": "eagle3", "acceptance": {"rate": 0.9}}), one_token)
    assert np.median(speedups(without_error)) < 0.95


def test_an_engine_that_may_draft_nothing_does_not_lose_on_answers_of_one_token() -> None:
    assert np.median(speedups(on(decoded("dspark"), asked(**of_length(1))))) == pytest.approx(1, abs=0.02)


def test_a_short_answer_gains_its_steps_by_hand() -> None:
    """Nine tokens after the first take three steps of 3 + 1 certain ones instead of nine: 3 a step, and not 4."""
    certain = {"preset": "eagle3", "acceptance": {"rate": 1.0}}
    long_answers, short_answers = (
        speedups(on(decoded(certain), asked(input_tokens_per_request=0, **of_length(length))))
        for length in (40_001, 10)
    )
    parameters = load_uplift_parameters()
    per_token = 1 / parameters.context_tokens
    base = 1 + 64 / parameters.knee_tokens_dense + 64 * parameters.request_time_dense
    draft = parameters.draft_overhead + 3 * parameters.draft_token_time * (1 + 64 / parameters.draft_knee_requests)
    for values, yielded, context in ((long_answers, 4, 20_000.5), (short_answers, 3, 5)):
        plain = base + 64 * context * per_token
        speculated = plain + 3 * 64 / parameters.knee_tokens_dense + draft
        assert np.median(values) == pytest.approx(yielded * plain / speculated, rel=0.02)


@law
@given(st.sampled_from(PRESETS), st.integers(0, 20_000), st.integers(1, 2000), st.integers(0, 100))
def test_a_rate_of_whole_requests_gains_by_the_share_of_decoding(
    preset: str, prompt: int, answer: int, cached_percent: int
) -> None:
    """`1 / ((1 - f) + f / S)` with `f = t / (t + uncached input / n_c)` and `t = output T(B, B) / B`."""
    workload = asked(
        input_tokens_per_request=prompt,
        cached_input_fraction=cached_percent / 100,
        **of_length(answer),
    )
    decoding = speedups(on(decoded(preset), workload))
    whole = speedups(on(decoded(preset, combined=True), workload))
    parameters = load_uplift_parameters()
    step = 1 + 64 / parameters.knee_tokens_dense
    step += 64 * (parameters.request_time_dense + (prompt + answer / 2) / parameters.context_tokens)
    time = answer * step / 64
    share = time / (time + prompt * (1 - cached_percent / 100) / parameters.knee_tokens_dense)
    assert whole == pytest.approx(1 / ((1 - share) + share / decoding), rel=1e-9)


def test_an_input_rate_of_its_own_takes_no_part_in_the_gain() -> None:
    """A third of a node's hours read, and stay what they are: `input / (3600 P_in) + output / (3600 P_out S)`."""
    certain = {"preset": "headline", "speedup": 1.6}
    fleet = decoded(certain, input_tokens_per_second=20_000)
    workload = asked(requests_per_month=2e6, input_tokens_per_request=2000)
    month = the_fleet(on(fleet, workload))["months"][0]
    hours = 2e6 * (2000 / 20_000 + 500 / (4000 * 1.6)) / 3600
    assert month["utilization_fraction"] == pytest.approx(hours / 720, rel=1e-6)


def test_the_cache_takes_prefill_away_and_raises_the_gain_of_whole_requests() -> None:
    prompts = {"input_tokens_per_request": 8000}
    fresh, cached = (asked(cached_input_fraction=part, **prompts) for part in (0, 0.9))
    slow, quick = (speedups(on(decoded(combined=True), one)) for one in (fresh, cached))
    gains = speedups(on(decoded(), fresh)) > 1
    assert (quick[gains] > slow[gains]).all()


@pytest.mark.parametrize("preset", PRESETS)
def test_hot_creative_work_is_drafted_as_badly_as_such_work_was_measured_to_be(preset: str) -> None:
    """By the method itself, or by all methods where one source alone measured it."""
    hot, cold, chat = asked(task="creative", temperature=1.0), asked(task="creative", temperature=0.3), asked()
    conditions = WorkloadConditions.of(read(on(decoded(preset), hot)).workloads[0])
    drawn = acceptance_range(preset, conditions)
    measured = find_acceptance("mtp-1" if preset == "mtp-1" else "eagle3", "creative")
    assert measured is not None
    assert measured.sources >= 2
    assert drawn.low < 0.1
    assert drawn.high == pytest.approx(measured.acceptance.mode, abs=0.01)
    hot_gain, cold_gain, chat_gain = medians(hot, cold, chat, preset=preset)
    assert hot_gain < cold_gain
    assert hot_gain < chat_gain


@pytest.mark.parametrize("task", ["chat", "code", "math", "qa"])
def test_temperature_by_itself_changes_nothing(task: str) -> None:
    hot, cold = (speedups(on(decoded(), asked(task=task, temperature=heat))) for heat in (1.0, 0.0))
    assert (hot == cold).all()


def test_code_is_drafted_better_than_chat() -> None:
    code, chat = medians(asked(task="code"), asked())
    assert code > chat


def test_two_fleets_with_one_preset_share_its_luck() -> None:
    """Paths on which the one is lucky are those on which the other is, and one more fleet changes nothing."""
    here, there = decoded(), decoded(concurrency_per_node=16) | {"name": "other"}
    document = on(here, asked()) | {"fleets": [here, there]}
    one, other = (speedups(document, fleet=index) for index in (0, 1))
    assert np.corrcoef(one, other)[0, 1] > 0.99
    assert (one == speedups(on(here))).all()


def test_two_presets_have_each_their_own_luck() -> None:
    document = on(decoded()) | {"fleets": [decoded(), decoded("dflash") | {"name": "other"}]}
    one, other = (speedups(document, fleet=index, draws=4096) for index in (0, 1))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
