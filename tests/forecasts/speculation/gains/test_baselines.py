"""A gain is over a decoder, and applies to a throughput only by way of what that was measured with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import headline, law, problems
from tests.forecasts.speculation.gains.decoded import asked, decoded, flash, on, pro, speedups, the_fleet, the_verdict

OF_THROUGHPUT = st.sampled_from(["equal_concurrency", "matched_speed"])
MODELLED = ["ngram", "mtp-1", "mtp-3", "eagle3", "dflash", "dspark"]
LOADS = st.integers(2, 400)


@law
@given(OF_THROUGHPUT, LOADS, st.integers(30, 90))
def test_a_gain_over_mtp_1_on_a_fleet_without_a_decoder_is_multiplied_by_that_of_mtp_1(
    basis: str, load: int, speed: int
) -> None:
    """Both are read at the same speed or load, which the equal rates of both fleets give."""
    rates = {"measured_with": "none", "concurrency_per_node": load, "output_tokens_per_second": 100 * load}
    workload = asked(speed=speed)
    whole = speedups(on(flash(**rates), workload), basis)
    first_step = speedups(on(flash("mtp-1", **rates), workload), basis)
    rest = speedups(on(flash(**(rates | {"measured_with": "mtp-1"})), workload), basis)
    assert whole == pytest.approx(first_step * rest, rel=1e-12)


@law
@given(st.permutations(MODELLED), LOADS)
def test_what_two_decoders_gain_over_each_other_is_the_inverse(presets: list[str], load: int) -> None:
    one, other, *_ = presets
    rates = {"concurrency_per_node": load, "output_tokens_per_second": 60 * load}
    there = speedups(on(decoded(one, measured_with=other, **rates)))
    back = speedups(on(decoded(other, measured_with=one, **rates)))
    assert there * back == pytest.approx(np.ones(there.shape), rel=1e-12)


@law
@given(st.floats(0.5, 3.0), LOADS)
def test_a_headline_over_mtp_1_is_converted_to_a_fleet_without_a_decoder(speedup: float, load: int) -> None:
    rates = {"concurrency_per_node": load, "output_tokens_per_second": 60 * load}
    mtp = speedups(on(decoded("mtp-1", **rates)))
    converted = speedups(on(decoded(headline(speedup, over="mtp-1"), **rates)))
    assert converted == pytest.approx(speedup * mtp, rel=1e-12)
    over_nothing = speedups(on(decoded(headline(speedup), measured_with="mtp-1", **rates)))
    assert over_nothing == pytest.approx(speedup / mtp, rel=1e-12)


def test_a_headline_over_what_the_fleet_was_measured_with_applies_as_it_stands() -> None:
    assert speedups(on(decoded(headline(1.67, over="mtp-1"), measured_with="mtp-1"))) == pytest.approx(1.67)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"model_size": None}, "the size of 'some-model' is not known: state it in model_size"),
        ({"concurrency_per_node": None}, "the load decides the gain: state how many requests run"),
    ],
)
def test_a_headline_that_cannot_be_converted_is_refused_with_what_would_be_needed(
    missing: dict[str, None], words: str
) -> None:
    fleet = decoded(headline(1.67, over="mtp-1"))
    if "model_size" in missing:
        fleet |= missing
    else:
        fleet["throughput"] |= missing
    [(pointer, detail)] = problems(on(fleet))
    assert pointer == "/fleets/0/decoder/speedup_over"
    assert detail.startswith("a gain over 'mtp-1' does not apply as it stands to a throughput measured with 'none'")
    assert words in detail


@pytest.mark.parametrize("fleet", [decoded(measured_with="eagle3"), flash(measured_with="dspark-v4-flash")])
def test_a_fleet_measured_with_its_decoder_gains_nothing_and_says_so(fleet: dict[str, object]) -> None:
    """What the decoder is worth to it is in its throughput already, and is the size of the reason."""
    document = on(fleet)
    verdict = the_verdict(document)
    assert (verdict["verdict"], verdict["speedup"]["mean"]) == ("does_not_pay", 1)
    assert [reason["code"] for reason in verdict["reasons"]] == ["already_accelerated"]
    accelerated = the_fleet(document)
    assert {month["speedup"]["p90"] for month in accelerated["months"]} == {1}
    assert accelerated["decoder"]["saving"]["p90"] == "0.00"


def test_the_size_of_already_accelerated_is_what_the_node_would_not_put_out_without() -> None:
    """A node of 4,000 a second for three months of 720 hours, less what is left of it at 1/S."""
    document = on(decoded(measured_with="eagle3"))
    [reason] = the_verdict(document)["reasons"]
    gain = speedups(on(decoded()))
    capacity = 4000 * 3 * 720 * 3600
    # The model's own error has no part in it: half of the paths lie above and half below the size.
    low, high = np.quantile(capacity * (1 - 1 / gain), (0.35, 0.65))
    assert low < reason["tokens"] < high
    assert float(reason["money"]) == pytest.approx(reason["tokens"] / capacity * 54_000, abs=0.01)


def test_a_fleet_measured_with_another_decoder_gains_the_difference_alone() -> None:
    plain, over = speedups(on(decoded("dspark"))), speedups(on(decoded("dspark", measured_with="mtp-1")))
    assert over == pytest.approx(plain / speedups(on(decoded("mtp-1"))), rel=1e-12)
    assert np.median(over) < np.median(plain)


def test_at_the_same_throughput_a_frontier_is_read_at_the_speed_that_its_own_baseline_would_have() -> None:
    """60 a second without a decoder are 60 times the gain of MTP-1 with it, where the paper's curve is read."""
    rates = {"measured_with": "none", "concurrency_per_node": 64, "output_tokens_per_second": 64 * 60}
    quicker = np.median(speedups(on(flash("mtp-1", **rates)), "matched_throughput"))
    there = rates | {"measured_with": "mtp-1", "output_tokens_per_second": 64 * 60 * float(quicker)}
    rest = np.median(speedups(on(flash(**there)), "matched_throughput"))
    whole = speedups(on(flash(**rates)), "matched_throughput")
    first_step = speedups(on(flash("mtp-1", **rates)), "matched_throughput")
    assert np.median(whole / first_step) == pytest.approx(rest, rel=1e-9)


def test_a_frontier_for_one_model_says_nothing_of_the_other() -> None:
    assert np.median(speedups(on(flash()))) != np.median(speedups(on(pro())))
    [(pointer, detail)] = problems(on(flash("dspark-v4-pro")))
    assert pointer == "/fleets/0/decoder/preset"
    assert "exists for deepseek-v4-pro alone" in detail
