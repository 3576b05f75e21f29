"""Bad input through a plan file: exit code 2, one line for each field with its pointer, and nothing stored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.cli.conftest import Invoke

Plan = dict[str, Any]
WritePlan = Callable[[Plan], Path]


def _at(plan: Plan, *path: str | int, to: object) -> Plan:
    target: Any = plan
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = to
    return plan


_ROUTE = ("workloads", 0, "routes", 0, "to")

CASES: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "an unknown model": (
        lambda plan: _at(plan, *_ROUTE, to=[{"model": "openai/nobody-knows-it", "share": 1.0}]),
        "/workloads/0/routes/0/to/0/model",
    ),
    "an unknown fleet": (
        lambda plan: _at(plan, *_ROUTE, 0, "fleet", to="elsewhere"),
        "/workloads/0/routes/0/to/0/fleet",
    ),
    "a negative number": (
        lambda plan: _at(plan, "workloads", 0, "demand", "requests_per_month", to=-1),
        "/workloads/0/demand/requests_per_month",
    ),
    "no number": (
        lambda plan: _at(plan, "workloads", 0, "demand", "noise_fraction", to=float("nan")),
        "/workloads/0/demand/noise_fraction",
    ),
    "shares that do not add to 1": (lambda plan: _at(plan, *_ROUTE, 0, "share", to=0.9), "/workloads/0/routes/0/to"),
    "growth that overflows": (
        lambda plan: _at(plan, "workloads", 0, "demand", "monthly_growth", to=1e300),
        "/workloads/0/demand/monthly_growth",
    ),
    "a price in a currency without a rate": (
        lambda plan: _at(
            _at(
                plan,
                "prices",
                to=[
                    {**plan["prices"][0], "model": "in-francs", "currency": "CHF", "meter": meter, "utc_window": None}
                    for meter in ("input", "cached_input", "output")
                ],
            ),
            *_ROUTE,
            to=[{"model": "deepseek/in-francs", "share": 1.0}],
        ),
        "/workloads/0/routes/0/to/0/model",
    ),
    "a month before any known price": (
        lambda plan: _at(
            _at(plan, "horizon", "first_month", to="2019-01"),
            *_ROUTE,
            to=[{"model": "deepseek/deepseek-v4-pro", "share": 1.0}],
        ),
        "/workloads/0/routes/0/to/0/model",
    ),
    "a horizon over 60 months": (lambda plan: _at(plan, "horizon", "months", to=61), "/horizon/months"),
    "an unknown field": (
        lambda plan: _at(plan, "workloads", 0, "demand", "requests", to=1),
        "/workloads/0/demand/requests",
    ),
}


@pytest.mark.parametrize("command", ["apply", "forecast"])
@pytest.mark.parametrize("case", CASES)
def test_each_bad_field_is_one_line_with_its_pointer(
    case: str, command: str, article: Plan, invoke: Invoke, write_plan: WritePlan
) -> None:
    spoil, pointer = CASES[case]
    result = invoke(command, write_plan(spoil(article)))
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert [line for line in result.stderr.splitlines() if line.startswith(f"{pointer}")], result.stderr
    assert all(line.startswith("/") for line in result.stderr.splitlines()), result.stderr


def test_every_bad_field_of_a_plan_is_told_at_once(article: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    article["horizon"]["months"] = 61
    article["confidence"] = 2
    article["fleets"][0]["nodes"] = -1
    result = invoke("forecast", write_plan(article))
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "/confidence",
        "/horizon/months",
        "/fleets/0/nodes",
    ]


@pytest.mark.parametrize("command", ["apply", "forecast"])
def test_a_body_over_the_limit_is_refused(command: str, article: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    article["prices"] = article["prices"] * 40_000
    result = invoke(command, write_plan(article))
    assert result.exit_code == 2, result.stderr
    assert "larger than this service accepts" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("plan.yaml", "workloads: [\n", "line 2, column 1"),
        ("plan.json", '{"workloads": }', "line 1, column 15"),
        ("plan.yaml", "", "is empty"),
    ],
)
def test_a_file_that_is_no_yaml_or_json_says_where(
    name: str, text: str, where: str, tmp_path: Path, invoke: Invoke
) -> None:
    path = tmp_path / name
    path.write_text(text)
    result = invoke("forecast", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}: ")
    assert where in result.stderr


def test_a_plan_is_applied_whole_or_not_at_all(article: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    article["name"] = "half"
    article["fleets"][0]["name"] = "half-stored"
    article["workloads"][0]["routes"][0]["to"][0]["fleet"] = "elsewhere"
    assert invoke("apply", write_plan(article)).exit_code == 2
    article["workloads"][0]["routes"][0]["to"][0]["fleet"] = "half-stored"
    changes = json.loads(invoke("apply", write_plan(article), "--dry-run", "--json").stdout)["changes"]
    assert {change["name"]: change["action"] for change in changes}["half-stored"] == "created"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["forecast", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["forecast", "PLAN", "--out", "lines.txt"], "must end in .csv"),
        (["forecast", "PLAN", "--out", "/nowhere/lines.csv"], "no file can be made in /nowhere"),
        (["forecast", "PLAN", "--as-of", "yesterday"], "/as_of: "),
        (["forecast", "PLAN", "--seed", "-1"], "/seed: "),
        (["forecast", "PLAN", "--seed", "x"], "--seed"),
        (["forecast"], "PLAN"),
        (["keys", "create", "x", "--scope", "root"], "--scope"),
        (["keys", "create", ""], "/name: "),
        (["keys", "revoke", "nobody"], "there is no key nobody"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_bad_option_ends_with_2_and_says_which(
    arguments: list[str], words: str, article: Plan, invoke: Invoke, write_plan: WritePlan
) -> None:
    path = str(write_plan(article))
    result = invoke(*(path if argument == "PLAN" else argument for argument in arguments))
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert result.stdout == ""


def test_nothing_in_a_plan_steers_the_terminal(article: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    article["\x1b[2Jx\ny"] = 1
    result = invoke("forecast", write_plan(article))
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert result.stderr.count("\n") == 1
