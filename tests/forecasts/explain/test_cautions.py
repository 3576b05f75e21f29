"""A forecast says where waiting could not be worked out, and where a gain is read at a speed that was not measured."""

from typing import Any

import pytest

from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, to_fleet, to_model
from tests.forecasts.speculation.gains.decoded import asked, decoded, on

WAITED_FOR = {"waiting": {"loaded_hourly_rate": "90.00", "people_waiting_fraction": 0.5}}


def warnings(document: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    return [(one["pointer"], one["detail"]) for one in answer(document)["warnings"] if one["type"] == kind]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ([to_fleet()], ["on fleet:pool are not computed: state the fleet's concurrency_per_node"]),
        ([to_model()], ["on north/large are not computed: how fast a provider answers is not known"]),
        ([to_fleet("known")], []),
        ([to_fleet("known", 0.5), to_model(share=0.5)], ["on north/large are not computed"]),
        ([to_fleet("known", 1.0), to_model(share=0.0)], []),
    ],
)
def test_waiting_on_a_route_of_unknown_speed_is_told(to: list[dict[str, Any]], words: list[str]) -> None:
    fleets = [a_fleet(), decoded("none") | {"name": "known"}]
    document = a_plan(a_workload("first"), a_workload(to=to) | WAITED_FOR, fleets=fleets)
    found = warnings(document, "waiting_not_computed")
    assert [pointer for pointer, _ in found] == ["/workloads/1/waiting"] * len(words)
    assert all(word in detail for word, (_, detail) in zip(words, found, strict=True))


def test_a_workload_that_nobody_waits_for_has_no_such_warning() -> None:
    assert warnings(a_plan(a_workload()), "waiting_not_computed") == []


def test_a_speed_that_the_stated_throughput_does_not_give_is_told_with_both() -> None:
    """4,000 over 64 is 62.5."""
    [(pointer, detail)] = warnings(on(decoded(), asked(speed=80)), "speed_not_met_as_stated")
    assert pointer == "/fleets/0/throughput/concurrency_per_node"
    assert "needs 80 tokens per second per user, where the stated throughput gives 62.5 (4000 over 64" in detail


@pytest.mark.parametrize(
    ("decoder", "speed"),
    [("eagle3", 62.5), ("eagle3", None), ({"preset": "eagle3", "basis": "equal_concurrency"}, 80), ("none", 80)],
)
def test_a_speed_that_is_met_or_plays_no_part_is_no_warning(decoder: Any, speed: float | None) -> None:
    assert warnings(on(decoded(decoder), asked(speed=speed)), "speed_not_met_as_stated") == []
