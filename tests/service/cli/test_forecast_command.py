"""`tokencast forecast` against the running service."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from service.cli.lines_file import COLUMNS, write_lines
from tests.service.cli.conftest import ROOT, Invoke

ARTICLE = ROOT / "examples/article.yaml"
Plan = dict[str, Any]
WritePlan = Callable[[Plan], Path]


def test_json_is_the_document_and_nothing_else(invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE, "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["status"] == "succeeded"
    assert document["total"]["effective"]["mean"] == "216000.00"
    assert {month["effective"]["mean"] for month in document["monthly"]} == {"18000.00"}
    assert [warning["type"] for warning in document["warnings"]] == ["model_does_not_fit"]
    assert document["verdicts"][0]["reasons"][0]["code"] == "no_node_removed"
    assert sum(Decimal(line["effective"]) for line in document["lines"]) == Decimal("216000.00")


def test_progress_goes_to_standard_error(invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE, "--json")
    told = [line for line in result.stderr.splitlines() if line.startswith("tokencast: forecast ")]
    assert told[-1].endswith(": succeeded")
    assert "tokencast:" not in result.stdout


def test_a_plan_comes_from_standard_input_too(invoke: Invoke) -> None:
    result = invoke(
        "forecast", "-", "--json", stdin=ARTICLE.read_text().replace("calendar: 30/360", "calendar: actual")
    )
    assert json.loads(result.stdout)["total"]["effective"]["mean"] == "219000.00"


def test_a_fleets_use_and_unit_cost_are_of_the_months_in_which_it_has_nodes(
    invoke: Invoke, article: Plan, write_plan: WritePlan
) -> None:
    """A lease of February and March at 9,000 a node month: two months of 10,368 million tokens, half of it used."""
    del article["fleets"][0]["decoder"]
    lease = {"kind": "leased", "payment_per_node_month": "9000", "starts": "2027-02-01", "ends": "2027-03-31"}
    article["fleets"][0]["cost"] = lease
    article["workloads"][0]["demand"]["requests_per_month"] /= 2
    printed = " ".join(invoke("forecast", write_plan(article)).stdout.split())
    # 18,000 over 10,368 million tokens; at full load over twice as many.
    assert "h100-pool 0.167 50 % 1.7361 0.8681 0.8681 0.00" in printed


def test_people_are_shown_the_annual_budget_and_every_warning(invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE)
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "Budget at 80 %" in words
    assert "Fiscal year 2027 216,000.00 216,000.00 216,000.00 216,000.00 0.00 216,000.00" in words
    assert "h100-pool (fleet) 216,000.00 100.0 %" in words
    assert "The decoder of h100-pool does not pay for generation: it saves nothing in any case, because" in words
    assert "1 warning /fleets/0/serves: deepseek-v4-pro has weights of about 800 GB" in words


def test_two_fiscal_years_are_followed_by_the_whole_horizon(
    article: Plan, invoke: Invoke, write_plan: WritePlan
) -> None:
    article["fiscal_year_start_month"] = 7
    words = " ".join(invoke("forecast", write_plan(article)).stdout.split())
    assert words.count("(6 months) 108,000.00") == 2
    assert "Whole horizon 216,000.00" in words


def test_seed_and_as_of_take_the_place_of_the_plans_own(invoke: Invoke) -> None:
    document = json.loads(invoke("forecast", ARTICLE, "--json", "--seed", "11", "--as-of", "2026-11-20").stdout)
    assert (document["seed"], document["as_of"]) == (11, "2026-11-20")


def test_nothing_but_the_forecast_is_stored_without_apply(article: Plan, invoke: Invoke, write_plan: WritePlan) -> None:
    article |= {"name": "not-stored"}
    article["fleets"][0]["name"] = "only-forecast"
    article["workloads"][0]["routes"][0]["to"][0]["fleet"] = "only-forecast"
    path = write_plan(article)
    assert invoke("forecast", path, "--json").exit_code == 0
    would = json.loads(invoke("apply", path, "--dry-run", "--json").stdout)
    assert would["plan"] is None
    result = invoke("forecast", path, "--json", "--apply")
    assert json.loads(result.stdout)["status"] == "succeeded"
    assert "created" in result.stderr
    assert invoke("apply", path, "--dry-run").stdout == "The plan not-stored is unchanged: nothing to do.\n"


def test_out_writes_the_lines_that_add_up_to_the_budget(tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "lines.csv"
    result = invoke("forecast", ARTICLE, "--out", out)
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert f"{len(rows)} lines in {out}" in result.stderr
    assert tuple(rows[0]) == COLUMNS
    assert sum(Decimal(row["effective"]) for row in rows) == Decimal("216000.00")
    assert {row["currency"] for row in rows} == {"USD"}
    assert [path.name for path in tmp_path.iterdir()] == ["lines.csv"]


def test_a_text_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    line = {
        "id": "0",
        "workload": '=HYPERLINK("http://x")',
        "cost_center": "+1",
        "gl_account": "-1",
        "route": "@x",
        "kind": "a, b",
        "billed": "-3.00",
        "quantity": -1.5,
    }
    assert write_lines(path, [line], "USD") == 1
    header, row, end = path.read_bytes().decode().split("\r\n")
    assert header == ",".join(COLUMNS)
    assert row == '0,,"\'=HYPERLINK(""http://x"")",\'+1,\'-1,\'@x,"a, b",,-1.5,,,USD,-3.00,'
    assert end == ""


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text("old")

    def lines() -> Any:
        yield {"id": "0"}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_lines(path, lines(), "USD")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["lines.csv"]


def test_a_service_that_is_not_there_ends_with_1(invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE, TOKENCAST_URL="http://127.0.0.1:1", TOKENCAST_API_KEY="tck_x")
    assert result.exit_code == 1
    assert result.stderr.startswith("tokencast: error: the service at http://127.0.0.1:1 cannot be reached")
    assert result.stdout == ""


def test_a_key_that_nobody_knows_ends_with_1(invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE, TOKENCAST_API_KEY="tck_x_y")
    assert result.exit_code == 1
    assert "401" in result.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"TOKENCAST_URL": "http://127.0.0.1:1"}, "TOKENCAST_API_KEY: must be set"),
        ({"TOKENCAST_URL": "nowhere", "TOKENCAST_API_KEY": "x"}, "TOKENCAST_URL: "),
    ],
)
def test_settings_that_lead_nowhere_end_with_2(invoke: Invoke, variables: dict[str, str], words: str) -> None:
    result = invoke("forecast", ARTICLE, **variables)
    assert result.exit_code == 2
    assert words in result.stderr


def test_the_failure_of_a_forecast_ends_with_1_and_its_problem(invoke: Invoke, failing_service: str) -> None:
    result = invoke("forecast", ARTICLE, "--json", TOKENCAST_URL=failing_service, TOKENCAST_API_KEY="tck_x")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "failed"
    assert "has failed: the computation was lost" in result.stderr


def test_what_is_no_tokencast_service_ends_with_1(invoke: Invoke, other_service: str) -> None:
    result = invoke("forecast", ARTICLE, TOKENCAST_URL=other_service, TOKENCAST_API_KEY="tck_x")
    assert result.exit_code == 1
    assert "is no Tokencast service" in result.stderr


def test_the_help_answers_before_anything_heavy_is_imported() -> None:
    program = (
        "import sys\nsys.argv = ['tokencast', '--help']\nfrom service.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'httpx', 'rich', 'numpy', 'sqlalchemy', 'litestar', 'celery', 'yaml', 'msgspec'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "tokencast up" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["up"],
        ["forecast"],
        ["apply"],
        ["keys"],
        ["keys", "create"],
        ["migrate"],
        ["serve"],
        ["worker"],
        ["deliverer"],
        ["scheduler"],
    ],
)
def test_every_command_explains_itself(invoke: Invoke, words: list[str]) -> None:
    result = invoke(*words, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 5


def test_the_version_is_that_of_the_package(invoke: Invoke) -> None:
    assert invoke("--version").stdout == f"tokencast {version('tokencast')}\n"
