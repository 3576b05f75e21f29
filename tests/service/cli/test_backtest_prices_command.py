"""`tokencast backtest prices`, as people and scripts use it."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from service.cli import main

FIGURES = {"median_error", "p90_error", "mean_error", "bias", "pinball", "coverage"}


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["backtest", "prices", *arguments], input=given)


def test_json_has_every_case_and_method_with_null_where_a_figure_does_not_apply() -> None:
    result = run("--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["what"] == "prices"
    cases = {case["case"]: case for case in document["cases"]}
    assert {"all", "changed_before", "tiers", "tiers_changed_before"} <= set(cases)
    for case in cases.values():
        assert {"flat", "hold", "history", "projected_cut", "planning_haircut", "exponential"} == set(case["methods"])
        assert all(set(scores) == FIGURES for scores in case["methods"].values())
        assert case["methods"]["flat"]["coverage"] is None
        assert 0 <= case["methods"]["history"]["coverage"] <= 1
    assert document["planning_case"]["models"] == 86


def test_the_table_names_methods_by_their_outlooks_and_tells_what_became_of_the_claim() -> None:
    result = run()
    assert result.exit_code == 0
    assert "tiers: 220 origins of 12 series" in result.stdout
    assert "77 are unchanged" in result.stdout
    assert result.stderr == "tokencast: scoring price outlooks\n"


def test_out_writes_the_same_scores_as_json_as_a_table_and_as_a_picture(tmp_path: Path) -> None:
    result = run("--json", "--out", str(tmp_path / "new"))
    written = json.loads((tmp_path / "new" / "backtest-prices.json").read_text())
    assert written == json.loads(result.stdout)
    with (tmp_path / "new" / "backtest-prices.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sum(len(case["methods"]) for case in written["cases"])
    assert (tmp_path / "new" / "backtest-prices.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert float(rows[0]["pinball"]) == written["cases"][0]["methods"][rows[0]["method"]]["pinball"]


def test_a_file_is_scored_instead_of_the_packaged_history(tmp_path: Path) -> None:
    data = tmp_path / "prices.csv"
    data.write_text(
        "provider,model,effective_from,output_usd_per_mtok,observed_until\n"
        "north,large,2024-01-15,4,2026-11-15\nnorth,large,2025-06-01,2,2026-11-15\n"
    )
    document = json.loads(run("--data", str(data), "--json").stdout)
    assert document["data"] == str(data)
    assert json.loads(run("--data", "-", "--json", given=data.read_text()).stdout)["cases"] == document["cases"]
    assert document["planning_case"] is None
    assert [case["case"] for case in document["cases"]] == ["all", "changed_before", "skus", "skus_changed_before"]
    # From February 2024 to October 2025: the horizon of that last origin ends with October 2026.
    assert document["cases"][0]["rows"] == 21


def test_a_bad_file_ends_with_two_and_a_line_for_each_place(tmp_path: Path) -> None:
    data = tmp_path / "prices.csv"
    data.write_text("provider,model,effective_from,output_usd_per_mtok,observed_until\nn,m,soon,-1,2026-11-15\n")
    result = run("--data", str(data))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "/0/effective_from",
        "/0/output_usd_per_mtok",
    ]


def test_a_file_with_nothing_to_score_says_so(tmp_path: Path) -> None:
    data = tmp_path / "prices.csv"
    data.write_text("provider,model,effective_from,output_usd_per_mtok,observed_until\nn,m,2026-11-01,1,2026-11-15\n")
    result = run("--data", str(data))
    assert result.exit_code == 2
    assert "nothing can be scored" in result.stderr
    data.write_bytes(b"\xff\xfe\x00")
    assert run("--data", str(data)).exit_code == 2
    assert run("--data", str(tmp_path / "missing.csv")).exit_code == 2
