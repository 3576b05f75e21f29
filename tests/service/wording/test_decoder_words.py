"""What is found about decoders is said in sentences with amounts, one for each verdict."""

from typing import Any

import pytest

from forecasts.explain.savings import REASON_CODES
from service.wording.decoders import _REASONS, decoder_sentences
from tests.forecasts.estates import answer
from tests.forecasts.explain.test_pattern_examples import plan_of
from tests.forecasts.explain.test_payback import trained
from tests.forecasts.explain.test_waiting import WAITING
from tests.forecasts.speculation.gains.decoded import decoded, on


def sentences(forecast: Any) -> list[str]:
    return list(decoder_sentences({"currency": "USD"} | forecast))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (
            "idle",
            "The decoder of launch does not pay for assistant: it saves nothing in any case, because no node can be "
            "given back, so that what it adds is headroom (582.0 billion tokens, worth 414,839.77 USD); less than half "
            "of what the nodes can do is used as it is (582.0 billion tokens, worth 414,839.77 USD).",
        ),
        (
            "creative",
            "The decoder of writers does not pay for stories: it costs 47,663.09 USD more on average and costs "
            "198,000.00 USD more or worse in one case of ten, with a chance of 18 % to save anything, because ",
        ),
        ("creative", "too little of what is drafted for it is accepted (219.2 billion tokens, worth 253,705.44 USD)"),
        ("short-outputs", "its time goes into reading prompts, which no decoder shortens (32.2 billion tokens, worth"),
        (
            "busy",
            "The decoder of coders pays for completions: it saves 1,235,318.00 USD on average and less than 905,771.90 "
            "USD in one case of ten, with a chance of 100 % to save anything.",
        ),
    ],
)
def test_a_verdict_is_one_sentence_with_its_reasons_and_their_sizes(pattern: str, said: str) -> None:
    [sentence] = sentences(answer(plan_of(pattern)))
    assert said in sentence


def test_every_reason_has_words_of_its_own() -> None:
    assert set(_REASONS) == set(REASON_CODES)
    assert len(set(_REASONS.values())) == len(REASON_CODES)


def test_the_training_of_a_draft_module_is_told_with_its_month() -> None:
    _, said = sentences(trained(gpu_hours=480, amount="40000"))
    assert said == (
        "Training the draft module of pool costs 40,000.00 USD and is earned back most likely by 2027-03, with a "
        "chance of 100 % within the horizon."
    )
    _, never = sentences(trained(gpu_hours=480, amount="400000"))
    assert "most likely not within the horizon, with a chance of 0 %" in never


def test_waiting_is_told_beside_the_budget() -> None:
    document = on(decoded("none"))
    document["workloads"][0]["waiting"] = WAITING
    [said] = sentences(answer(document))
    assert said == (
        "People who wait for chat spend 3,333 hours instead of 3,333; the difference is worth 0.00 USD to them and is "
        "in no total of this budget."
    )


def test_a_plan_without_decoders_and_waiting_has_nothing_to_say() -> None:
    assert sentences(answer(on(decoded("none")))) == []
