"""`tokencast apply` against the running service."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.cli.conftest import ROOT, Invoke

Plan = dict[str, Any]
WritePlan = Callable[[Plan], Path]


@pytest.fixture
def mine(article: Plan, request: pytest.FixtureRequest) -> Plan:
    """The example under names that only this test uses."""
    name = request.node.name.removeprefix("test_")[:60]
    article["name"] = name
    article["prices"] = []
    article["fleets"][0]["name"] = f"{name}-fleet"
    article["workloads"][0]["name"] = f"{name}-workload"
    article["workloads"][0]["routes"][0]["to"][0]["fleet"] = f"{name}-fleet"
    return article


def _actions(text: str) -> dict[str, str]:
    return {change["resource"]: change["action"] for change in json.loads(text)["changes"]}


def test_the_second_time_nothing_changes(mine: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    path = write_plan(mine)
    first = invoke("apply", path)
    assert first.exit_code == 0, first.stderr
    assert first.stdout.splitlines()[-1] == "3 created"
    assert invoke("apply", path).stdout == f"The plan {mine['name']} is unchanged: nothing to do.\n"


def test_a_change_is_shown_and_a_dry_run_stores_nothing(mine: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    invoke("apply", write_plan(mine))
    mine["fleets"][0]["nodes"] = 2
    path = write_plan(mine)
    for _ in range(2):
        shown = invoke("apply", path, "--dry-run")
        assert shown.exit_code == 0
        assert shown.stdout.splitlines()[-1] == "Dry run, nothing is stored: 2 updated, 1 unchanged"
        assert any(line.split() == ["updated", "fleet", f"{mine['name']}-fleet"] for line in shown.stdout.splitlines())
    assert _actions(invoke("apply", path, "--json").stdout) == {
        "plan": "updated",
        "fleet": "updated",
        "workload": "unchanged",
    }


def test_nothing_is_deleted_without_prune(mine: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    invoke("apply", write_plan(mine))
    [workload] = mine["workloads"]
    mine["workloads"] = [{**workload, "name": "another"}]
    path = write_plan(mine)
    assert invoke("apply", path).stdout.splitlines()[-1] == "1 created, 1 updated, 1 unchanged"
    pruned = invoke("apply", path, "--prune")
    assert pruned.exit_code == 0, pruned.stderr
    assert any(line.split() == ["deleted", "workload", workload["name"]] for line in pruned.stdout.splitlines())


def test_json_is_the_answer_and_nothing_else(mine: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    result = invoke("apply", write_plan(mine), "--json")
    assert (json.loads(result.stdout)["plan"]["name"], result.stderr) == (mine["name"], "")


def test_the_company_of_the_examples_is_applied_under_its_own_name(invoke: Invoke) -> None:
    answer = json.loads(invoke("apply", ROOT / "examples/acme.yaml", "--json").stdout)
    assert answer["plan"]["name"] == "acme"
    assert sum(change["resource"] == "workload" for change in answer["changes"]) == 9


def test_without_a_service_it_says_how_to_start_one_and_ends_with_1(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("apply", ROOT / "examples/article.yaml", TOKENCAST_DATA_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "start one with `tokencast up`" in result.stderr
    assert list(tmp_path.iterdir()) == []
