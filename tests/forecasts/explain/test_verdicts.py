"""Verdicts say whether a decoder pays for a workload, and if not, why and how much is missed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.explain.savings import shared_by_cause, verdict_of
from tests.forecasts.estates import LARGE, a_fleet, a_plan, a_workload, answer, headline, law, to_fleet
from tests.forecasts.generated import plans
from tests.forecasts.speculation.gains.decoded import asked, decoded, on, the_fleet, the_verdict

NODE_MONTH = 10.368e9
NODE_COST = 18_000
HOURLY = {"scaling": {"policy": "hourly"}, "nodes": 0}


def codes(verdict: Any) -> list[str]:
    return [reason["code"] for reason in verdict["reasons"]]


def reason(verdict: Any, code: str) -> Any:
    [found] = [one for one in verdict["reasons"] if one["code"] == code]
    return found


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(1, "pays"), (0.8, "pays"), (0.79, "marginal"), (0.2, "marginal"), (0.19, "does_not_pay"), (0, "does_not_pay")],
)
def test_a_verdict_is_the_chance_of_saving_anything(probability: float, verdict: str) -> None:
    assert verdict_of(probability) == verdict


@law
@given(st.integers(100, 200), st.integers(0, 100), st.integers(0, 100))
def test_the_chance_is_that_of_drawing_a_speedup_that_removes_a_node(low: int, up: int, further: int) -> None:
    """One and a half nodes of work fit on one from 1.5 on."""
    speedup = headline(low / 100, (low + up) / 100, (low + up + further) / 100)
    document = on(
        a_fleet(decoder=speedup, **HOURLY),
        a_workload(to=[to_fleet()], requests_per_month=1.5 * NODE_MONTH, output_tokens_per_request=1),
        horizon={"first_month": "2027-01", "months": 1},
    )
    verdict = the_verdict(document)
    probability = verdict["probability_of_saving"]
    assert verdict["verdict"] == verdict_of(probability)
    assert float(verdict["saving"]["mean"]) == pytest.approx(probability * NODE_COST, abs=0.01)
    assert float(verdict["saving"]["p10"]) == (NODE_COST if probability > 0.9 else pytest.approx(0, abs=NODE_COST))
    if low >= 150:
        assert probability == 1
    if low + up + further < 150:
        assert probability == 0


@law
@given(plans())
def test_a_decoder_that_pays_needs_no_reason_and_one_that_does_not_has_one(document: dict[str, Any]) -> None:
    for verdict in answer(document)["verdicts"]:
        if verdict["verdict"] == "pays":
            assert verdict["reasons"] == []
        elif document["fleets"][0]["nodes"]:
            assert verdict["reasons"]
        assert all(float(one["money"]) >= -1e-9 or one["tokens"] < 0 for one in verdict["reasons"])


def test_the_size_of_idle_capacity_is_the_headroom_that_the_decoder_adds() -> None:
    """0.6 of a node of 4,000 a second for three months, which at full load cost 0.6 of 1.6 parts of the bill."""
    verdict = the_verdict(on(a_fleet(decoder=headline(1.6)), a_workload(to=[to_fleet()])))
    assert codes(verdict) == ["no_node_removed", "idle_capacity"]
    for one in verdict["reasons"]:
        assert one["tokens"] == pytest.approx(0.6 * 3 * NODE_MONTH, rel=1e-9)
        assert float(one["money"]) == pytest.approx(3 * NODE_COST * 0.6 / 1.6, abs=0.01)


@pytest.mark.parametrize(("used", "idle"), [(0.39, True), (0.41, False)])
def test_a_fleet_is_idle_that_uses_less_than_half_of_what_its_nodes_may_be_filled_to(
    *, used: float, idle: bool
) -> None:
    load = a_workload(to=[to_fleet()], requests_per_month=used * NODE_MONTH, output_tokens_per_request=1)
    fleet = a_fleet(decoder=headline(1.6), target_utilization_fraction=0.8)
    assert codes(the_verdict(on(fleet, load))) == ["no_node_removed", "idle_capacity"][: 1 + idle]


def test_an_hourly_fleet_that_keeps_its_one_node_says_why() -> None:
    """It declares no nodes of its own, and runs one all the same."""
    assert "no_node_removed" in codes(the_verdict(on(a_fleet(decoder=headline(1.6), **HOURLY))))


def test_short_outputs_are_named_where_prompts_take_the_time() -> None:
    fleet = decoded(combined=True) | HOURLY
    short, long = (
        the_verdict(on(fleet, asked(output_tokens_per_request=length, requests_per_month=2e6))) for length in (40, 4000)
    )
    assert {"short_outputs", "prefill_bound"} <= set(codes(short))
    assert "short_outputs" not in codes(long)


def test_low_acceptance_is_named_for_hot_creative_work_alone() -> None:
    hot, chat = (
        the_verdict(on(decoded() | HOURLY, asked(task=task, temperature=1.0))) for task in ("creative", "chat")
    )
    assert "low_acceptance" in codes(hot)
    assert "low_acceptance" not in codes(chat)


def test_compute_bound_is_named_where_a_lone_request_would_gain_much_more() -> None:
    crowded, quiet = (
        the_verdict(on(decoded(concurrency_per_node=load, output_tokens_per_second=4000) | HOURLY))
        for load in (1000, 4)
    )
    assert "compute_bound" in codes(crowded)
    assert "compute_bound" not in codes(quiet)


def test_an_input_rate_of_its_own_can_bind_too() -> None:
    """20,000 read at as many a second take a second, and 500 written at 4,000 an eighth of one."""
    fleet = decoded(input_tokens_per_second=20_000) | HOURLY
    verdict = the_verdict(on(fleet, asked(input_tokens_per_request=20_000, requests_per_month=1e5)))
    assert "prefill_bound" in codes(verdict)


def test_a_reason_of_the_workload_is_as_large_as_the_workload() -> None:
    small, large = (
        the_verdict(on(decoded() | {"nodes": 400}, asked(task="creative", temperature=1.0, requests_per_month=volume)))
        for volume in (1e6, 3e6)
    )
    once, thrice = (reason(verdict, "low_acceptance") for verdict in (small, large))
    assert thrice["tokens"] == pytest.approx(3 * once["tokens"], rel=1e-6)
    assert float(thrice["money"]) == pytest.approx(3 * float(once["money"]), rel=1e-4)


def test_at_matched_throughput_the_gain_goes_to_users_and_no_property_of_the_work_is_to_blame() -> None:
    fleet = decoded({"preset": "eagle3", "basis": "matched_throughput"}, concurrency_per_node=1000)
    verdict = the_verdict(on(fleet, asked(task="creative", temperature=1.0)))
    assert verdict["verdict"] == "does_not_pay"
    assert codes(verdict) == ["no_node_removed"]


def test_what_an_earlier_decoder_has_taken_already_is_told_beside_the_rest() -> None:
    over_mtp = the_verdict(on(decoded("dspark", measured_with="mtp-1")))
    same = the_verdict(on(decoded("mtp-1", measured_with="mtp-1")))
    assert codes(over_mtp)[:3] == ["no_node_removed", "idle_capacity", "already_accelerated"]
    taken = reason(over_mtp, "already_accelerated")["tokens"]
    assert taken == pytest.approx(reason(same, "already_accelerated")["tokens"], rel=1e-9)
    assert 0 < taken < 3 * NODE_MONTH


def test_each_workload_has_its_part_of_the_saving_by_the_node_hours_it_gives_back() -> None:
    """Two equal workloads, and a third of twice their size: a quarter, a quarter and a half of all that is saved."""
    volumes = {"one": 1, "same": 1, "twice": 2}
    workloads = [
        a_workload(name, to=[to_fleet()], requests_per_month=size * NODE_MONTH, output_tokens_per_request=1)
        for name, size in volumes.items()
    ]
    found = answer(a_plan(*workloads, fleets=[a_fleet(decoder=headline(2), **HOURLY)]))
    saved = {verdict["workload"]: float(verdict["saving"]["mean"]) for verdict in found["verdicts"]}
    # Four nodes of work become two.
    assert saved == {name: size / 4 * 2 * 3 * NODE_COST for name, size in volumes.items()}
    assert sum(saved.values()) == float(found["fleets"][0]["decoder"]["saving"]["mean"])


@law
@given(plans())
def test_workloads_share_the_whole_saving_or_loss_of_their_fleet(document: dict[str, Any]) -> None:
    found = answer(document)
    shared = [float(verdict["saving"]["mean"]) for verdict in found["verdicts"]]
    of_fleet = float(found["fleets"][0]["decoder"]["saving"]["mean"])
    if any(shared):
        # Each part is rounded to the cent by itself.
        assert sum(shared) == pytest.approx(of_fleet, abs=0.01 * len(shared))


def test_a_loss_is_borne_by_the_workload_that_causes_it() -> None:
    """The fleet saves 12, loses 8, loses 6 though both give hours back, as where training costs more, and saves 5."""
    saving = np.array([12.0, -8.0, -6.0, 5.0])
    first, second = shared_by_cause(saving, [np.array([3.0, -1.0, 1.0, 0.0]), np.array([-5.0, 2.0, 2.0, 0.0])])
    assert first.tolist() == [12, -8, -2, 0]
    assert second.tolist() == [0, 0, -4, 0]


def test_a_workload_that_a_decoder_slows_down_pays_nothing_beside_one_that_gains() -> None:
    gains = asked(task="code", requests_per_month=60e6)
    slowed = asked(task="creative", temperature=1.0, requests_per_month=1e6) | {"name": "hot"}
    fleet = decoded(concurrency_per_node=128) | HOURLY
    verdicts = {one["workload"]: one for one in answer(on(fleet, gains, slowed))["verdicts"]}
    assert verdicts["hot"]["speedup"]["p50"] < 1 < verdicts["chat"]["speedup"]["p50"]
    assert verdicts["hot"]["probability_of_saving"] < verdicts["chat"]["probability_of_saving"]


def test_overflow_that_shrinks_is_a_saving() -> None:
    """Two nodes' worth on one: a decoder of 1.5 takes half a node's worth back from the API, at 2.00 a million."""
    workload = a_workload(to=[to_fleet()], requests_per_month=2 * NODE_MONTH, output_tokens_per_request=1)
    verdict = the_verdict(on(a_fleet(decoder=headline(1.5), overflow_to={"model": LARGE}), workload))
    assert verdict["verdict"] == "pays"
    assert float(verdict["saving"]["mean"]) == pytest.approx(0.5 * 3 * NODE_MONTH * 2e-6, abs=0.01)


def test_a_fleet_without_a_decoder_has_no_verdict_and_saves_nothing() -> None:
    training = {"month": "2027-02", "what": "training", "gpu_hours": 480}
    found = answer(on(a_fleet(one_offs=[training])))
    assert found["verdicts"] == []
    assert found["fleets"][0]["decoder"]["saving"]["mean"] == "0.00"
    assert the_fleet(on(a_fleet(one_offs=[training])))["decoder"]["payback"] is None
