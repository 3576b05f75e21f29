"""People's hours and open sessions that a decoder saves: by Little's law, and beside the bill."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_plan, a_workload, answer, headline, law, to_fleet
from tests.forecasts.speculation.gains.decoded import asked, decoded, on

WAITING = {"loaded_hourly_rate": "90.00", "people_waiting_fraction": 0.5}


def waited_for(document: dict[str, Any]) -> Any:
    for workload in document["workloads"]:
        workload["waiting"] = WAITING
    [found] = [one["waiting"] for one in answer(document)["workloads"]]
    return found


def test_hours_and_sessions_are_those_of_little_s_law() -> None:
    """500 tokens at 4,000 / 64 a second take 8 seconds: a million requests in 720 hours keep 3.0864 sessions open.

    In three months somebody waits for half of 6,666.67 hours, and for 1.6 times less with the decoder.
    """
    found = waited_for(on(decoded(headline(1.6))))
    assert found["sessions_without"]["mean"] == pytest.approx(1e6 * 8 / 3600 / 720, rel=1e-6)
    assert found["sessions_with"]["mean"] == pytest.approx(1e6 * 5 / 3600 / 720, rel=1e-6)
    assert found["hours_without"]["mean"] == pytest.approx(3 * 1e6 * 8 / 3600 / 2, rel=1e-9)
    assert found["hours_with"]["mean"] == pytest.approx(3 * 1e6 * 5 / 3600 / 2, rel=1e-9)
    assert found["hours_saved"]["mean"] == pytest.approx(3 * 1e6 * 3 / 3600 / 2, rel=1e-9)
    assert found["value"] == dict.fromkeys(("mean", "p10", "p50", "p90"), "112500.00")


@law
@given(
    st.sampled_from(["eagle3", "mtp-1", "dspark"]), st.sampled_from(["fixed", "hourly"]), st.sampled_from([None, 40])
)
def test_waiting_is_in_no_total(preset: str, policy: str, speed: float | None) -> None:
    document = on(decoded(preset) | {"scaling": {"policy": policy}}, asked(speed=speed))
    without = answer(document)
    assert waited_for(document)
    beside = answer(document)
    for one in beside["workloads"]:
        one["waiting"] = None
    assert beside == without


def test_a_fleet_without_a_decoder_shows_the_hours_and_saves_none() -> None:
    found = waited_for(on(decoded("none")))
    assert found["hours_without"]["mean"] == pytest.approx(3 * 1e6 * 8 / 3600 / 2, rel=1e-9)
    assert (found["hours_saved"]["mean"], found["value"]["p90"]) == (0, "0.00")


def test_nothing_is_saved_before_the_decoder_runs() -> None:
    """One of three months."""
    found = waited_for(on(decoded(headline(1.6, since="2027-03"))))
    assert found["hours_saved"]["mean"] == pytest.approx(1e6 * 3 / 3600 / 2, rel=1e-9)


def test_users_of_nodes_that_stay_have_the_gain_at_the_same_throughput() -> None:
    document = on(decoded())
    found = waited_for(document)
    gain = answer(document)["fleets"][0]["decoder"]["gains"]["matched_throughput"]
    assert found["hours_without"]["mean"] / found["hours_with"]["p50"] == pytest.approx(gain["p50"], rel=1e-5)


def test_a_gain_that_is_spent_on_nodes_is_not_spent_on_users_again() -> None:
    """Nodes that follow demand keep the concurrency they are sized for; at a matched speed users gain nothing."""
    hourly = {"scaling": {"policy": "hourly"}}
    at_equal_load = on(decoded() | hourly)
    found = waited_for(at_equal_load)
    gain = answer(at_equal_load)["fleets"][0]["decoder"]["gains"]["equal_concurrency"]
    assert found["hours_without"]["mean"] / found["hours_with"]["p50"] == pytest.approx(gain["p50"], rel=1e-5)
    at_a_speed = waited_for(on(decoded() | hourly, asked(speed=40)))
    assert at_a_speed["hours_saved"]["p90"] == 0
    left_to_users = decoded({"preset": "eagle3", "basis": "matched_throughput"}) | hourly
    assert waited_for(on(left_to_users))["hours_saved"]["p10"] > 0


def test_what_goes_to_an_api_route_or_overflows_is_no_part_of_it() -> None:
    half = a_workload(to=[to_fleet(share=0.5), {"model": "north/large", "share": 0.5}])
    whole = waited_for(on(decoded(headline(1.6))))
    routed = waited_for(a_plan(half, fleets=[decoded(headline(1.6))]))
    assert routed["hours_saved"]["mean"] == pytest.approx(whole["hours_saved"]["mean"] / 2, rel=1e-6)


def test_a_workload_on_two_fleets_has_one_figure() -> None:
    split = a_workload(to=[to_fleet(share=0.25), to_fleet("slow", share=0.75)])
    fleets = [decoded(headline(1.6)), decoded("none") | {"name": "slow"}]
    found = waited_for(a_plan(split, fleets=fleets))
    assert found["hours_saved"]["mean"] == pytest.approx(0.25 * 3 * 1e6 * 3 / 3600 / 2, rel=1e-6)
    assert found["hours_without"]["mean"] == pytest.approx(3 * 1e6 * 8 / 3600 / 2, rel=1e-6)
