"""The two budget loads of our own, tall and wide."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest

from service.exports.loads import tall, wide
from service.exports.source import Basis, ExportSource
from tests.service.exports.sources import FORMULA, acme, by_hand, golden, mean, written


def rows_of(content: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("file", "name", "choices"),
    [
        ("tall.csv", "csv-tall", {"bases": ("billed", "effective"), "contingency": True}),
        ("wide.csv", "csv-wide", {"contingency": True}),
        ("wide_billed.csv", "csv-wide", {"bases": ("billed",)}),
    ],
)
def test_a_load_is_the_file_it_was(file: str, name: str, choices: dict[str, Any]) -> None:
    assert written(name, by_hand(), **choices) == golden(file)


@pytest.mark.parametrize("source", [by_hand(), acme()], ids=["by hand", "acme"])
@pytest.mark.parametrize("basis", ["billed", "effective"])
def test_both_loads_add_up_to_the_total_of_the_api(source: ExportSource, basis: Basis) -> None:
    tall_rows = rows_of(written("csv-tall", source, bases=(basis,)))
    wide_rows = rows_of(written("csv-wide", source, bases=(basis,)))
    assert sum(Decimal(row["amount"]) for row in tall_rows) == mean(source, basis)
    assert sum(Decimal(row["total"]) for row in wide_rows) == mean(source, basis)
    for row in wide_rows:
        assert sum(Decimal(row[f"M{month:02d}"]) for month in range(1, 13)) == Decimal(row["total"])


def test_months_of_the_tall_load_add_up_to_the_months_of_the_api() -> None:
    source = acme()
    rows = rows_of(written("csv-tall", source, bases=("billed", "effective")))
    for month in source.document["monthly"]:
        for line_type, basis in (("cash", "billed"), ("accrual", "effective")):
            cells = [row for row in rows if row["period"] == month["month"] and row["line_type"] == line_type]
            assert sum(Decimal(row["amount"]) for row in cells) == Decimal(month[basis]["mean"])


def test_the_contingency_stands_beside_the_lines_and_adds_up_to_each_year() -> None:
    source = acme()
    lines = rows_of(written("csv-tall", source))
    rows = rows_of(written("csv-tall", source, contingency=True))
    beside = [row for row in rows if row["kind"] == "contingency"]
    assert rows[: len(lines)] == lines
    assert rows[len(lines) :] == beside
    for year in source.document["annual"]:
        cells = [row for row in beside if row["fiscal_period"].startswith(str(year["fiscal_year"]))]
        assert sum(Decimal(row["amount"]) for row in cells) == Decimal(year["budget"]["contingency"])
        assert all(Decimal(row["amount"]) == round(Decimal(row["amount"]), 2) for row in cells)


def test_columns_are_the_documented_ones() -> None:
    assert tuple(rows_of(written("csv-tall", by_hand()))[0]) == tall.COLUMNS
    assert tuple(rows_of(written("csv-wide", by_hand()))[0]) == wide.COLUMNS


def test_no_cell_begins_what_a_spreadsheet_would_run() -> None:
    for name in ("csv-tall", "csv-wide"):
        rows = rows_of(written(name, by_hand()))
        assert f"'{FORMULA}" in {row["project"] for row in rows}
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r", "\n")) for row in rows for cell in row.values())
