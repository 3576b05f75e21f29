"""`tokencast decoders` answers from the packaged catalogue, without any service."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecasts.catalog.decoders import load_decoders
from service.cli import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["decoders", *words])


@pytest.fixture(autouse=True)
def without_a_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKENCAST_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TOKENCAST_URL", raising=False)


def test_every_preset_is_listed_as_a_table_and_as_json() -> None:
    names = [preset.preset for preset in load_decoders()]
    listed = run()
    assert listed.exit_code == 0
    assert [name for name in names if f"\n {name} " not in listed.stdout] == []
    assert "0.60 / 0.75 / 0.88" in listed.stdout
    assert [item["preset"] for item in json.loads(run("--json").stdout)["items"]] == names


def test_one_preset_is_shown_with_its_limits_and_source() -> None:
    shown = run("show", "dspark-v4-pro")
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "beyond their shared range the end's gain is held" in words
    assert "Tok/s per user 32.3 to 76.7" in words
    assert "DeepSeek, DSpark paper" in words
    assert json.loads(run("show", "dspark-v4-pro", "--json").stdout)["speedup_over"] == "mtp-1"


def test_acceptance_is_shown_by_task_with_what_it_was_measured_on() -> None:
    by_task = json.loads(run("show", "mtp-1", "--json").stdout)["first_acceptance_by_task"]
    assert {"chat", "code", "math", "reasoning", "qa", "creative", "agent"} <= set(by_task)
    assert all(0 < one["low"] <= one["mode"] <= one["high"] < 1 for one in by_task.values())
    assert all(one["basis"] and one["source"] for one in by_task.values())
    assert all((one["rows"] == 0) == (one["sources"] == 0) for one in by_task.values())
    shown = run("show", "mtp-1").stdout
    assert [task for task in by_task if f" {task} " not in shown] == []
    assert json.loads(run("show", "gemma-mtp", "--json").stdout)["first_acceptance_by_task"] == {}


def test_an_unknown_preset_is_bad_input_that_names_those_there_are() -> None:
    refused = run("show", "mtp-9")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("PRESET: 'mtp-9' is no decoder preset; there are none, headline, ngram, ")


def test_json_before_a_subcommand_is_a_mistake_that_is_told() -> None:
    refused = run("--json", "check-paper")
    assert refused.exit_code == 2
    assert "--json belongs behind the subcommand" in refused.stderr


def test_the_papers_words_agree_with_its_curves_within_three_points() -> None:
    checked = run("check-paper", "--json")
    assert checked.exit_code == 0
    answer = json.loads(checked.stdout)
    assert answer["tolerance_points"] == 3
    assert len(answer["claims"]) == 12
    assert all(abs(claim["our_gain"] - claim["paper_gain"]) < 0.03 for claim in answer["claims"])
    assert all(claim["within_tolerance"] for claim in answer["claims"])
    table = run("check-paper")
    assert table.exit_code == 0
    assert table.stdout.count("deepseek-v4-flash") == table.stdout.count("deepseek-v4-pro") == 6
