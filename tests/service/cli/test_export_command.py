"""`tokencast export` against the running service."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from tests.service.cli.conftest import ROOT, Invoke


@pytest.fixture
def forecast_id(invoke: Invoke) -> str:
    return str(json.loads(invoke("forecast", ROOT / "examples/article.yaml", "--json").stdout)["id"])


def test_a_finished_forecast_becomes_a_file(tmp_path: Path, invoke: Invoke, forecast_id: str) -> None:
    out = tmp_path / "load.csv"
    result = invoke("export", forecast_id, "--format", "csv-wide", "--out", out)
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert sum(Decimal(row["total"]) for row in rows) == Decimal("216000.00")
    assert f"{out.stat().st_size} bytes in {out}" in result.stderr


def test_what_cannot_be_exported_leaves_no_file(tmp_path: Path, invoke: Invoke, forecast_id: str) -> None:
    out = tmp_path / "load.csv"
    unknown = invoke("export", forecast_id, "--format", "docx", "--out", out)
    assert unknown.exit_code == 2
    assert "must be one of" in unknown.stderr
    assert invoke("export", "1", "--format", "csv-wide", "--out", out).exit_code == 2
    assert invoke("export", forecast_id, "--format", "csv-wide", "--out", tmp_path / "no" / "x.csv").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_forecast_writes_its_own_workbook(tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "budget.xlsx"
    result = invoke("forecast", ROOT / "examples/article.yaml", "--out", out)
    assert result.exit_code == 0, result.stderr
    monthly = openpyxl.load_workbook(out, data_only=True)["Monthly"]
    assert (monthly["A14"].value, monthly["F14"].value) == ("Total", 216000)


def test_a_forecast_writes_its_own_parquet(tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "lines.parquet"
    result = invoke("forecast", ROOT / "examples/article.yaml", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert sum(parquet.read_table(out).column("effective").to_pylist()) == Decimal("216000.00")
