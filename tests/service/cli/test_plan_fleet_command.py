"""`tokencast plan fleet`: worked out from the plan and the packaged prices, without any service."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main

Plan = dict[str, Any]
WritePlan = Callable[[Mapping[str, Any]], Path]


@pytest.fixture
def pools() -> Plan:
    """Two fleets of nodes of 10,368 million tokens in a month; the second one has no route to overflow to."""
    fleets = [
        {
            "name": name,
            "accelerator": "h100-sxm-80gb",
            "nodes": 9,
            "serves": "some-model",
            "throughput": {"output_tokens_per_second": 4000},
            "overflow_to": route,
            "cost": {"kind": "rented", "rate_per_node_hour": "25.00"},
        }
        for name, route in (("first", {"model": "deepseek/deepseek-v4-pro"}), ("second", None))
    ]
    workloads = [
        {
            "name": f"of {fleet['name']}",
            "demand": {
                "base_month": "2027-01",
                "requests_per_month": 35e6,
                "output_tokens_per_request": 1000,
                "noise_fraction": 0.1,
            },
            "routes": [{"to": [{"fleet": fleet["name"], "share": 1.0}]}],
        }
        for fleet in fleets
    ]
    return {
        "calendar": "30/360",
        "as_of": "2026-11-23",
        "horizon": {"first_month": "2027-01", "months": 3},
        "outlooks": [{"outlook": "hold"}],
        "draws": 256,
        "fleets": fleets,
        "workloads": workloads,
    }


def plan_fleet(path: Path, *arguments: object) -> Result:
    result = CliRunner().invoke(main, ["plan", "fleet", str(path), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_json_holds_every_fleets_mixes_with_what_they_cost_and_risk(pools: Plan, write_plan: WritePlan) -> None:
    result = plan_fleet(write_plan(pools), "--json")
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.stdout)["fleets"]
    assert (first["fleet"], second["fleet"]) == ("first", "second")
    assert first["given"]["nodes"] == 9
    assert first["given_meets_risk"]
    assert float(first["recommended"]["effective"]["mean"]) < float(first["given"]["effective"]["mean"])
    assert second["recommended"]["overflow"] == "0.00"
    assert second["recommended"]["unserved_probability"] <= second["max_unserved_probability"] == 0.05
    for one in (first, second):
        parts = float(one["recommended"]["fleet"]) + float(one["recommended"]["overflow"])
        assert parts == pytest.approx(float(one["recommended"]["effective"]["mean"]), abs=0.02)
        saved = float(one["given"]["effective"]["mean"]) - float(one["recommended"]["effective"]["mean"])
        assert float(one["saving"]["mean"]) == pytest.approx(saved, abs=0.02)


def test_a_table_shows_the_best_of_each_policy_and_why(pools: Plan, write_plan: WritePlan) -> None:
    result = plan_fleet(write_plan(pools), "--fleet", "first")
    words = " ".join(result.stdout.split())
    assert re.search(r"given 9 fixed", words)
    for policy in ("fixed", "monthly", "hourly"):
        assert f"best {policy}" in words
    assert "second" not in words
    assert "one fewer changes the expected cost by" in words
    assert "planning the fleet first, 1 of 1" in result.stderr


def test_policies_can_be_narrowed(pools: Plan, write_plan: WritePlan) -> None:
    result = plan_fleet(write_plan(pools), "--fleet", "first", "--policy", "monthly", "--json")
    [found] = json.loads(result.stdout)["fleets"]
    assert [one["policy"] for one in found["by_policy"]] == ["monthly"]


def test_a_risk_that_the_given_nodes_do_not_keep_is_said(pools: Plan, write_plan: WritePlan) -> None:
    pools["fleets"][1]["nodes"] = 1
    [found] = json.loads(plan_fleet(write_plan(pools), "--fleet", "second", "--json").stdout)["fleets"]
    assert not found["given_meets_risk"]
    assert found["notes"] == ["the given mix leaves requests unserved on 100 % of paths, more than the 5 % allowed"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--fleet", "nobody's"), '--fleet: "nobody\'s" is no fleet of the plan; there are first, second'),
        (("--max-unserved-probability", "1.5"), "--max-unserved-probability: must be 0 or more and at most 1"),
    ],
)
def test_what_cannot_be_asked_is_bad_input(
    pools: Plan, write_plan: WritePlan, arguments: tuple[str, ...], told: str
) -> None:
    result = plan_fleet(write_plan(pools), *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_a_plan_that_is_wrong_is_told_field_by_field(pools: Plan, write_plan: WritePlan) -> None:
    pools["fleets"][0]["scaling"] = {"policy": "hourly", "min_nodes": 3, "max_nodes": 2}
    result = plan_fleet(write_plan(pools))
    assert result.exit_code == 2
    assert "/fleets/0/scaling/min_nodes: must be at most max_nodes (2), not 3" in " ".join(result.stderr.split())


def test_nodes_without_a_bound_are_those_of_the_busiest_hour(pools: Plan, write_plan: WritePlan) -> None:
    pools["fleets"][1]["scaling"] = {"policy": "hourly"}
    printed = plan_fleet(write_plan(pools), "--fleet", "second", "--policy", "hourly").stdout
    assert "as many nodes as the busiest hour needs: one fewer changes the expected cost by -" in printed
