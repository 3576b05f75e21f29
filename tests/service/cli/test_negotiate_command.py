"""`tokencast negotiate`: worked out from the plan and the packaged catalogue, without any service."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.forecasts.estates import SMALL, a_plan, a_workload, to_model

WritePlan = Callable[[Mapping[str, Any]], Path]


@pytest.fixture
def plan(write_plan: WritePlan) -> Path:
    return write_plan(a_plan(a_workload("chat"), a_workload("other", to=[to_model(SMALL)])))


def negotiate(plan: Path, *arguments: object) -> Result:
    result = CliRunner().invoke(main, ["negotiate", str(plan), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_every_provider_of_a_plan_has_a_brief(plan: Path) -> None:
    briefs = json.loads(negotiate(plan, "--json").stdout)["briefs"]
    # 1,500 million output tokens at 2.00 and at 0.37 a million.
    assert {brief["provider"]: brief["spend"]["mean"] for brief in briefs} == {"north": "3000.00", "south": "555.00"}


def test_the_table_says_where_to_walk_to(plan: Path) -> None:
    result = negotiate(plan, "--provider", "north")
    assert result.exit_code == 0, result.stderr
    assert "north: 3,000.00 USD expected" in result.stdout
    assert "Walk away above 555.00 USD (0.3700 per million output tokens): south/small, 81.5 % off" in result.stdout


def test_a_page_is_written_for_one_provider(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "north.html"
    result = negotiate(plan, "--provider", "north", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert "<h1>Negotiation brief: north</h1>" in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--provider", "west"), "--provider: this forecast pays nothing to west; it pays north, south"),
        (("--out", "page.html"), "--out: is one page for one provider; choose it with --provider: north, south"),
    ],
)
def test_a_bad_option_is_told_with_what_would_do(plan: Path, arguments: tuple[str, ...], line: str) -> None:
    result = negotiate(plan, *arguments)
    assert (result.exit_code, result.stderr.strip()) == (2, line)


def test_a_page_that_cannot_be_written_is_a_failure(plan: Path, tmp_path: Path) -> None:
    result = negotiate(plan, "--provider", "north", "--out", tmp_path / "none" / "page.html")
    assert result.exit_code == 1
    assert "could not be written" in result.stderr
