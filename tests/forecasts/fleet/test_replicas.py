"""One copy of the model: how many nodes it takes, and who is warned that it does not fit."""

from typing import Any

import pytest

from forecasts.fleet.replica import replica_of
from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, read, to_fleet

V4_PRO = {"serves": "deepseek-v4-pro"}  # about 800 GB in FP4; a node of 8 x 80 GB has 640


def nodes_of_a_replica(demand: dict[str, Any] | None = None, **fleet: Any) -> int:
    plan = read(a_plan(a_workload(to=[to_fleet()], **(demand or {})), fleets=[a_fleet(**fleet)]))
    return replica_of(plan.fleets[0], [plan.workloads[0].demand]).nodes


def warnings(**fleet: Any) -> list[str]:
    forecast = answer(a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet(**fleet)]))
    return [one["type"] for one in forecast["warnings"]]


def test_weights_beyond_a_nodes_memory_take_several_nodes() -> None:
    assert nodes_of_a_replica(**V4_PRO) == 2
    assert nodes_of_a_replica(**V4_PRO, accelerator="h200-sxm-141gb") == 1
    assert nodes_of_a_replica(**V4_PRO, gpus_per_node=4) == 3


def test_weights_that_fill_a_node_exactly_fit_it() -> None:
    assert nodes_of_a_replica(replica={"weights_gb": 640}) == 1
    assert nodes_of_a_replica(replica={"weights_gb": 640.001}) == 2


def test_the_plans_own_sizes_come_before_the_catalogues() -> None:
    assert nodes_of_a_replica(**V4_PRO, replica={"weights_gb": 1600}) == 3


def test_running_requests_take_memory_from_the_weights() -> None:
    """100 requests of 1,500 + 500 tokens at 1.6 MB each take 320 of 640 GB: 800 GB of weights then take 3 nodes."""
    throughput = {"output_tokens_per_second": 4000, "concurrency_per_node": 100}
    replica = {"kv_bytes_per_token": 1.6e6}
    demand = {"input_tokens_per_request": 1500, "output_tokens_per_request": 500}
    assert nodes_of_a_replica(demand, **V4_PRO, throughput=throughput, replica=replica) == 3


def test_a_model_of_unknown_size_takes_a_node() -> None:
    assert nodes_of_a_replica() == 1


def test_a_fixed_fleet_that_cannot_hold_its_model_is_warned() -> None:
    assert warnings(**V4_PRO) == ["model_does_not_fit"]
    assert warnings(**V4_PRO, nodes=2) == []


@pytest.mark.parametrize("policy", ["monthly", "hourly"])
def test_a_fleet_that_scales_holds_its_model(policy: str) -> None:
    fleet = a_fleet(**V4_PRO, scaling={"policy": policy})
    forecast = answer(a_plan(a_workload(to=[to_fleet()]), fleets=[fleet]))
    assert forecast["warnings"] == []
    assert [month["nodes"]["mean"] for month in forecast["fleets"][0]["months"]] == [2, 2, 2]


@pytest.mark.parametrize("policy", ["fixed", "monthly", "hourly"])
def test_requests_that_alone_exceed_a_node_are_warned_of_under_every_policy(policy: str) -> None:
    throughput = {"output_tokens_per_second": 4000, "concurrency_per_node": 1000}
    replica = {"weights_gb": 100, "kv_bytes_per_token": 2e6}
    assert warnings(throughput=throughput, replica=replica, scaling={"policy": policy}) == ["model_does_not_fit"]
