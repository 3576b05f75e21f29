"""Three bases, never confused: throughput at equal load, throughput at equal speed, speed at equal throughput."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.speculation.frontier import gain_at_matched_speed
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.gains.paper import PaperGain
from forecasts.speculation.paper_claims import most_stated_at_matched_speed
from tests.forecasts.estates import a_workload, answer, law, problems, read, to_fleet
from tests.forecasts.speculation.gains.decoded import asked, decoded, flash, on, pro, speedups, the_fleet, the_gain

LONG = {"output_tokens_per_request": 1000}


def read_off_the_paper(fleet: dict[str, Any], basis: Any, speed: float | None = None) -> float:
    """The gain on answers as long as the paper's, without the error that is drawn around it."""
    document = on(fleet, asked(speed=speed, **LONG))
    gain, _ = the_gain(document)
    [paper] = gain.gained
    assert isinstance(paper, PaperGain)
    values = gain.at(basis, WorkloadConditions.of(read(document).workloads[0])).values / paper.factor
    assert np.ptp(values) < 1e-12
    return float(values[0])


@pytest.mark.parametrize(
    ("fleet", "speed", "gain"),
    [(flash(output_tokens_per_second=6400), 80, 1.51), (pro(output_tokens_per_second=3200), 35, 1.52)],
)
def test_at_the_speed_that_a_workload_needs_the_gain_is_the_paper_s(
    fleet: dict[str, Any], speed: float, gain: float
) -> None:
    assert read_off_the_paper(fleet, "matched_speed", speed) == pytest.approx(gain, abs=0.03)


@pytest.mark.parametrize(
    ("make", "gain_at_5", "gain_at_200"), [(flash, 1.72, 1.17), (pro, 1.85, 1.13)], ids=["flash", "pro"]
)
def test_at_equal_concurrency_the_gain_falls_as_the_paper_s(make: Any, gain_at_5: float, gain_at_200: float) -> None:
    """Eight accelerators a node: 40 and 1,600 running requests are 5 and 200 for each."""
    for on_node, gain in ((40, gain_at_5), (1600, gain_at_200)):
        fleet = make(concurrency_per_node=on_node, output_tokens_per_second=100 * on_node)
        assert read_off_the_paper(fleet, "equal_concurrency") == pytest.approx(gain, abs=0.03)


@pytest.mark.parametrize(
    ("make", "slow", "quick"), [(flash, (80, 1.60), (120, 1.85)), (pro, (35, 1.57), (50, 1.78))], ids=["flash", "pro"]
)
def test_at_the_same_throughput_users_are_as_much_quicker_as_the_paper_s(make: Any, slow: Any, quick: Any) -> None:
    for speed, gain in (slow, quick):
        fleet = make(concurrency_per_node=64, output_tokens_per_second=64 * speed)
        assert read_off_the_paper(fleet, "matched_throughput") == pytest.approx(gain, abs=0.03)


def test_the_fleet_is_judged_at_the_load_that_it_is_sized_for() -> None:
    half_full = flash(concurrency_per_node=400, output_tokens_per_second=40_000) | {"target_utilization_fraction": 0.5}
    full = flash(concurrency_per_node=200, output_tokens_per_second=20_000)
    assert speedups(on(half_full)) == pytest.approx(speedups(on(full)), rel=1e-12)


def test_the_default_is_matched_speed_where_a_workload_states_one_and_else_equal_concurrency() -> None:
    assert the_fleet(on(decoded()))["decoder"]["basis"] == "equal_concurrency"
    stated = the_fleet(on(decoded(), asked(speed=40)))["decoder"]
    assert stated["basis"] == "matched_speed"
    assert set(stated["gains"]) == {"equal_concurrency", "matched_speed", "matched_throughput"}


def test_the_strictest_speed_counts() -> None:
    slow, quick = asked(speed=40), asked(speed=60) | {"name": "quick"}
    both, alone = on(decoded(), slow, quick), on(decoded(), quick)
    assert speedups(both, "matched_speed") == pytest.approx(speedups(alone, "matched_speed"), rel=1e-12)


def test_a_basis_that_the_plan_states_is_the_one_used() -> None:
    fleet = decoded({"preset": "eagle3", "basis": "equal_concurrency"})
    told = the_fleet(on(fleet, asked(speed=40)))
    assert told["decoder"]["basis"] == "equal_concurrency"
    assert told["months"][0]["speedup_basis"] == "equal_concurrency"
    used = told["decoder"]["gains"]["equal_concurrency"]
    assert told["months"][0]["speedup"] == used


def test_matched_speed_without_a_stated_speed_is_a_problem() -> None:
    [(pointer, detail)] = problems(on(decoded({"preset": "eagle3", "basis": "matched_speed"})))
    assert pointer == "/fleets/0/decoder/basis"
    assert "min_tokens_per_second_per_user" in detail


def test_a_speed_stated_by_a_workload_elsewhere_is_no_speed_of_this_fleet() -> None:
    elsewhere = a_workload("elsewhere") | {"min_tokens_per_second_per_user": 40}
    fleet = decoded({"preset": "eagle3", "basis": "matched_speed"})
    assert [pointer for pointer, _ in problems(on(fleet, asked(), elsewhere))] == ["/fleets/0/decoder/basis"]


def test_matched_throughput_changes_no_node_and_shows_how_much_quicker_users_are() -> None:
    scaled = {"scaling": {"policy": "hourly"}, "nodes": 4}
    busy = asked(requests_per_month=60e6)
    same_nodes = the_fleet(on(decoded({"preset": "eagle3", "basis": "matched_throughput"}) | scaled, busy))
    without = the_fleet(on(decoded("none") | scaled, busy))
    assert [month["nodes"] for month in same_nodes["months"]] == [month["nodes"] for month in without["months"]]
    assert same_nodes["effective"] == without["effective"]
    assert same_nodes["decoder"]["saving"]["p90"] == "0.00"
    assert same_nodes["months"][0]["speedup"] == same_nodes["decoder"]["gains"]["matched_throughput"]
    assert same_nodes["months"][0]["speedup"]["p50"] > 1.2


@law
@given(st.integers(8, 300), st.sampled_from(["mtp-1", "eagle3", "dflash", "dspark"]))
def test_at_the_speed_of_the_load_itself_more_users_are_served_where_the_decoder_gains(load: int, preset: str) -> None:
    """Where each user is quicker at a load, as many more fit in before all are as slow as without; and the reverse."""
    rates = {"concurrency_per_node": load, "output_tokens_per_second": 60 * load}
    document = on(decoded(preset, **rates), asked(speed=60))
    equal, matched = speedups(document), speedups(document, "matched_speed")
    of_users = speedups(document, "matched_throughput")
    assert ((equal > 1) == (matched > 1)).all()
    assert ((equal > 1) == (of_users > 1)).all()
    # Speed falls with the load, so that a gain left to users is at least the one at equal load.
    assert (of_users[equal > 1] >= equal[equal > 1] - 1e-9).all()


def test_near_the_limit_of_the_baseline_a_gain_is_held_at_the_most_ever_published_and_told() -> None:
    """A lone request gets about 80 tokens a second without drafts: at 120 the baseline serves nobody."""
    document = on(decoded(), asked(speed=120))
    values = speedups(document, "matched_speed")
    assert values.max() == most_stated_at_matched_speed() == 7.61
    gain, _ = the_gain(document)
    [words] = gain.at("matched_speed", WorkloadConditions.of(read(document).workloads[0])).held
    assert words.startswith("at 120 tokens per second per user the baseline is near its limit")
    assert "held at 7.61, the most that has been published" in words


def test_a_frontier_is_held_there_too() -> None:
    """Its curves reach 15 at 136 tokens a second, where MTP-1 serves next to nobody."""
    fleet = flash(output_tokens_per_second=64 * 136)
    assert float(gain_at_matched_speed("deepseek-v4-flash", 136).values) > 15
    assert read_off_the_paper(fleet, "matched_speed", 136) == pytest.approx(7.61)
    warnings = [one["detail"] for one in answer(on(fleet, asked(speed=136)))["warnings"]]
    assert any("held at 7.61, the most that the paper states" in words for words in warnings)


def test_beyond_the_paper_s_range_the_end_is_held_and_told() -> None:
    crowded = flash(concurrency_per_node=4000, output_tokens_per_second=4000 * 80)
    at_the_end = flash(concurrency_per_node=208 * 8, output_tokens_per_second=208 * 8 * 80)
    held, end = (read_off_the_paper(one, "equal_concurrency") for one in (crowded, at_the_end))
    assert held == pytest.approx(end, rel=1e-3)
    gain, _ = the_gain(on(crowded))
    [words] = gain.at("equal_concurrency", WorkloadConditions.of(read(on(crowded)).workloads[0])).held
    assert "cover 5 to 208" in words
    assert "the end's value is held" in words


def test_two_routes_of_one_workload_state_its_speed_once() -> None:
    halves = a_workload(to=[to_fleet(share=0.5), {"model": "north/large", "share": 0.5}], input_tokens_per_request=1000)
    document = on(decoded(), halves | {"min_tokens_per_second_per_user": 40})
    assert the_fleet(document)["decoder"]["basis"] == "matched_speed"
