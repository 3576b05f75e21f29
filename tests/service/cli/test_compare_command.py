"""`tokencast compare fleets`: worked out from the plan and the packaged evidence, without any service."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.service.cli.conftest import ROOT

Plan = dict[str, Any]
WritePlan = Callable[[Mapping[str, Any]], Path]

# The published comparison: DeepSeek-R1 in FP8 with MTP, 8,192 in and 1,024 out, at the cost of owning at a hyperscaler.
PUBLISHED = (
    *("--model", "deepseek-r1-0528", "--precision", "fp8", "--spec-decode", "mtp", "--serving", "aggregated"),
    *("--tier", "own_hyperscaler_4y"),
)


@pytest.fixture
def agents() -> Plan:
    return {
        "as_of": "2026-11-23",
        "horizon": {"first_month": "2027-01", "months": 12},
        "draws": 64,
        "workloads": [
            {
                "name": "agents",
                "min_tokens_per_second_per_user": 36,
                "demand": {
                    "base_month": "2027-01",
                    "requests_per_month": 50_000_000,
                    "input_tokens_per_request": 8192,
                    "output_tokens_per_request": 1024,
                },
                "routes": [{"to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}],
            }
        ],
    }


def compare(path: Path, *arguments: object, workload: str = "agents") -> Result:
    given = ["compare", "fleets", str(path), "--workload", workload, *map(str, arguments)]
    result = CliRunner().invoke(main, given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_json_holds_costs_with_the_date_source_and_quality_of_each_rate(agents: Plan, write_plan: WritePlan) -> None:
    result = compare(write_plan(agents), *PUBLISHED, "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    first, second = document["options"][:2]
    assert [first["accelerator"], second["accelerator"]] == ["mi355x-288gb", "b200-180gb"]
    assert first["rate"] == {
        "usd_per_gpu_hour": "1.48",
        "provider": "SemiAnalysis AI Cloud TCO model",
        "tier": "own_hyperscaler_4y",
        "stands_in": False,
        "date": "2026-03-18",
        "age_days": 250,
        "quality": "model estimate",
        "source": "InferenceX-app initial commit c410b1f",
        "low": "1.48",
        "high": "1.48",
        "providers": 1,
    }
    assert first["benchmark"]["basis"] == "interpolated"
    assert [row["concurrency"] for row in first["benchmark"]["rows"]] == [32, 64]
    assert all(row["source"] for row in first["benchmark"]["rows"])
    assert isinstance(first["nodes"], int)
    assert {one["accelerator"] for one in document["without_evidence"]} >= {"h100-sxm-80gb", "mi300x-192gb"}


def test_the_pair_of_the_article_is_told_with_the_ratio_at_which_it_turns(agents: Plan, write_plan: WritePlan) -> None:
    document = json.loads(compare(write_plan(agents), *PUBLISHED, "--json").stdout)
    [pair] = [one for one in document["pairs"] if {one["first"], one["second"]} == {"mi355x-288gb", "b200-180gb"}]
    assert pair["turns"]
    ratios = {(one["tier"], one["cheaper"]): one["rate_ratio"] for one in pair["observations"]}
    assert ratios["own_hyperscaler_4y", "mi355x-288gb"] == pytest.approx(1.95 / 1.48, abs=1e-5)
    assert ratios["own_neocloud_4y", "b200-180gb"] == pytest.approx(2.34 / 1.90, abs=1e-5)
    assert 2.34 / 1.90 < pair["break_even_rate_ratio"] < 1.95 / 1.48


def test_people_are_shown_costs_evidence_and_turns(agents: Plan, write_plan: WritePlan) -> None:
    words = " ".join(compare(write_plan(agents), *PUBLISHED).stdout.split())
    assert "agents on other hardware: deepseek-r1-0528, 8,192 in and 1,024 out per request, 36 tokens a second" in words
    assert "b200-180gb / mi355x-288gb own_neocloud_4y 2026-03-18 b200-180gb 1.232" in words
    assert "h100-sxm-80gb no benchmark of it with serving aggregated; there is disaggregated" in words
    assert "the plan serves agents with deepseek-v4-pro; the benchmarks are of deepseek-r1-0528" in words
    assert "* at a rate of another tier" in words


def test_a_folder_receives_the_document_a_table_and_pictures(
    agents: Plan, write_plan: WritePlan, tmp_path: Path
) -> None:
    result = compare(write_plan(agents), *PUBLISHED, "--json", "--out", tmp_path / "made" / "here")
    assert result.exit_code == 0, result.stderr
    written = json.loads((tmp_path / "made" / "here" / "comparison.json").read_text())
    assert written == json.loads(result.stdout)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "made" / "here" / "comparison.csv").read_text())))
    assert [row["accelerator"] for row in rows] == [one["accelerator"] for one in written["options"]]
    assert rows[0]["usd_per_mtok_served"] == written["options"][0]["usd_per_mtok_served"]
    for name in ("hardware-unit-cost.png", "hardware-ranking.png"):
        assert (tmp_path / "made" / "here" / name).read_bytes().startswith(b"\x89PNG")
        assert name in result.stderr


def test_more_hardware_is_offered_for_a_model_that_was_hardly_measured(agents: Plan, write_plan: WritePlan) -> None:
    document = json.loads(compare(write_plan(agents), "--json").stdout)
    assert document["model"] == "deepseek-v4-pro"
    assert [one["accelerator"] for one in document["options"]] == ["mi355x-288gb"]
    assert any("more hardware is measured with deepseek-r1-0528" in note for note in document["notes"])


def test_an_unknown_workload_is_bad_input_that_names_those_there_are(agents: Plan, write_plan: WritePlan) -> None:
    result = compare(write_plan(agents), workload="nobody's")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == '--workload: "nobody\'s" is no workload of the plan; there are agents\n'


def test_every_unknown_choice_is_told_by_its_option(agents: Plan, write_plan: WritePlan) -> None:
    result = compare(
        write_plan(agents),
        *("--tier", "free", "--provider", "nobody", "--model", "x", "--precision", "fp1", "--engine", "steam"),
        *(
            "--spec-decode",
            "maybe",
            "--accelerator",
            "abacus",
            "--accelerator",
            "b200-180gb",
            "--accelerator",
            "b200-180gb",
        ),
    )
    assert result.exit_code == 2
    told = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert sorted(told) == sorted(
        [
            "--tier",
            "--provider",
            "--model",
            "--precision",
            "--engine",
            "--spec-decode",
            "--accelerator",
            "--accelerator",
        ]
    )
    assert "'b200-180gb' is named twice" in result.stderr


def test_a_bad_day_is_told_by_its_option(agents: Plan, write_plan: WritePlan) -> None:
    result = compare(write_plan(agents), "--as-of", "yesterday")
    assert (result.exit_code, result.stderr) == (2, "--as-of: 'yesterday' is not a date such as 2027-01-31\n")


def test_problems_of_the_plan_keep_their_pointers(agents: Plan, write_plan: WritePlan) -> None:
    agents["workloads"][0]["demand"]["noise_fraction"] = 9
    agents["workloads"][0]["routes"][0]["to"][0]["model"] = "deepseek/none"
    result = compare(write_plan(agents))
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "/workloads/0/demand/noise_fraction",
        "/workloads/0/routes/0/to/0/model",
    ]


def test_a_field_of_the_wrong_shape_keeps_its_pointer(agents: Plan, write_plan: WritePlan) -> None:
    agents["workloads"][0]["demnd"] = {}
    result = compare(write_plan(agents))
    assert result.exit_code == 2
    assert "/workloads/0/demnd: is not a known field; did you mean demand?" in result.stderr


def test_a_workload_without_output_has_no_unit_cost(agents: Plan, write_plan: WritePlan) -> None:
    agents["workloads"][0]["demand"]["output_tokens_per_request"] = 0
    result = compare(write_plan(agents))
    assert result.exit_code == 2
    assert result.stderr.startswith("--workload: 'agents' has no output tokens in the horizon")


def test_an_earlier_day_knows_only_what_was_known(agents: Plan, write_plan: WritePlan) -> None:
    document = json.loads(compare(write_plan(agents), *PUBLISHED, "--json", "--as-of", "2026-05-19").stdout)
    measured = [row["measured_on"] for one in document["options"] for row in one["benchmark"]["rows"]]
    assert max(measured) <= "2026-05-19"
    assert max(one["rate"]["date"] for one in document["options"]) <= "2026-05-19"
    assert max(ranking["from"] for ranking in document["rankings"]) <= "2026-05-19"


def test_the_documented_table_is_what_the_command_answers() -> None:
    """docs/model.md, Hardware comparison: MI355X against B200 by tier and day of the rates."""
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`, ([-0-9]+) \| (.+) \|$", text, flags=re.MULTILINE)
    assert len(rows) == 5
    for tier, day, rest in rows:
        mi355x_rate, b200_rate, ratio, mi355x_cost, b200_cost, cheaper = rest.split(" | ")
        choice = (*PUBLISHED[:-2], "--tier", tier, "--as-of", max(day, "2026-06-14"), "--json")
        document = json.loads(compare(ROOT / "examples" / "hardware.yaml", *choice).stdout)
        options = {one["accelerator"]: one for one in document["options"]}
        told = [options[name]["rate"]["usd_per_gpu_hour"] for name in ("mi355x-288gb", "b200-180gb")] + [
            options[name]["usd_per_mtok_of_all_tokens"] for name in ("mi355x-288gb", "b200-180gb")
        ]
        assert told == [mi355x_rate, b200_rate, mi355x_cost, b200_cost], tier
        assert float(ratio) == pytest.approx(float(b200_rate) / float(mi355x_rate), abs=5e-4)
        assert cheaper == ("MI355X" if float(mi355x_cost) < float(b200_cost) else "B200")
