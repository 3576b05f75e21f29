"""`tokencast backtest uplift`: the evidence's figures, and other files read strictly."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.forecasts.catalog.test_measurements import GOOD

FIGURES = {"median_error", "p90_error", "mean_error", "bias", "pinball", "coverage"}
RIVALS = {"flat-1.67", "flat-median-by-method", "acceptance-length"}


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["backtest", "uplift", *arguments], input=given)


def a_file(folder: Path, *rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD), lineterminator="\n", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "measured.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def on_the_evidence() -> tuple[Result, dict[str, dict[str, Any]]]:
    done = run("--json")
    return done, {case["case"]: case for case in json.loads(done.stdout)["cases"]}


def test_it_keeps_what_is_claimed_of_sources_it_has_not_seen(
    on_the_evidence: tuple[Result, dict[str, dict[str, Any]]],
) -> None:
    _, cases = on_the_evidence
    ours = {name: case["methods"]["tokencast"] for name, case in cases.items()}
    flat = {name: case["methods"]["flat-1.67"]["median_error"] for name, case in cases.items()}
    for name in ("all", "acceptance known"):
        assert ours[name]["median_error"] <= 0.13
        assert ours[name]["median_error"] <= 2 / 3 * flat[name]
        assert 0.75 <= ours[name]["coverage"] <= 0.85
    assert ours["concurrency>=16"]["median_error"] <= 0.13
    assert ours["acceptance known, concurrency>=16"]["median_error"] <= 0.13
    assert ours["preset acceptance"]["median_error"] <= 0.18
    assert ours["one measured point"]["median_error"] <= 0.07


def test_progress_goes_to_standard_error_and_one_document_to_standard_output(
    on_the_evidence: tuple[Result, dict[str, dict[str, Any]]],
) -> None:
    done, cases = on_the_evidence
    assert done.exit_code == 0
    assert "scoring speedups" in done.stderr
    document = json.loads(done.stdout)
    assert (document["what"], document["data"]) == ("uplift", "packaged evidence")
    assert set(cases["all"]["methods"]) > RIVALS
    assert all(set(scores) == FIGURES for case in cases.values() for scores in case["methods"].values())
    assert cases["all"]["methods"]["flat-1.67"]["coverage"] is None


def test_a_file_is_scored_as_a_table_or_as_json(tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD, GOOD | {"speedup": "1.2", "concurrency_or_batch": "64"})
    shown = run("--data", path)
    assert shown.exit_code == 0
    assert "tokencast" in shown.stdout
    assert [line.split()[:2] for line in shown.stdout.splitlines() if "concurrency>=64" in line] == [
        ["concurrency>=64", "1"]
    ]
    document = json.loads(run("--data", path, "--json").stdout)
    assert document["data"] == path
    first = document["cases"][0]
    assert (first["case"], first["rows"], first["series"]) == ("all", 2, 1)


def test_standard_input_is_read_for_a_dash(tmp_path: Path) -> None:
    text = Path(a_file(tmp_path, GOOD)).read_text(encoding="utf-8")
    done = run("--data", "-", "--json", given=text)
    assert json.loads(done.stdout)["cases"][0]["rows"] == 1


def test_rows_that_cannot_be_scored_are_counted(tmp_path: Path) -> None:
    done = run("--data", a_file(tmp_path, GOOD, GOOD | {"concurrency_or_batch": ""}), "--json")
    assert done.exit_code == 0
    assert "1 rows are not scored: no concurrency in 1 of them" in done.stderr
    assert json.loads(done.stdout)["left_out"] == {"no concurrency": 1}


def test_an_empty_result_says_why_it_is(tmp_path: Path) -> None:
    done = run("--data", a_file(tmp_path, GOOD | {"concurrency_or_batch": ""}), "--json")
    assert done.exit_code == 2
    assert "no row can be scored: no concurrency in 1 of them" in done.stderr
    assert done.stdout == ""


def test_each_bad_place_is_one_line_and_the_exit_code_is_2(tmp_path: Path) -> None:
    done = run("--data", a_file(tmp_path, GOOD | {"speedup": "x"}, GOOD | {"hw_class": "y", "active_b": "z"}))
    assert done.exit_code == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "/rows/0/speedup",
        "/rows/1/hw_class",
        "/rows/1/active_b",
    ]
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no measurement"),
        (b"source_id,speedup\n", "holds no measurement"),
        (b"source_id,speedup\nnorth,1.2\n", "/columns/target_model: is missing"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b'source_id,speedup\n"north,1.2\n', "is not a CSV file"),
    ],
)
def test_a_file_that_is_no_table_of_measurements_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "measured.csv"
    path.write_bytes(content)
    done = run("--data", str(path))
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path / "nowhere.csv"))
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr
