"""The workbook: values beside live formulas, and both what the API answers."""

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.exports.source import ExportSource
from tests.service.exports.recalculation import recalculated
from tests.service.exports.sources import FORMULA, acme, by_hand, golden, mean, written

SHEETS = ["Assumptions", "Monthly", "Scenarios", "Bridge", "Schedule", "Lines"]
CENT = Decimal("0.01")


def opened(content: bytes | Path, *, values: bool = False) -> Any:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    return openpyxl.load_workbook(source, data_only=values)


def cents(value: Any) -> Decimal:
    return Decimal(repr(float(value))).quantize(CENT)


def listed(content: bytes) -> str:
    """Every cell that holds anything: where, what, and the cached value of a formula."""
    formulas, values = opened(content), opened(content, values=True)
    found = []
    for sheet in formulas:
        for cell in (cell for row in sheet.rows for cell in row if cell.value is not None):
            cached = values[sheet.title][cell.coordinate].value
            shown = f"{cell.value} -> {cached}" if cell.data_type == "f" else str(cell.value)
            found.append(f"{sheet.title}!{cell.coordinate} {cell.number_format}: {shown}")
    return "\n".join(found) + "\n"


def test_a_workbook_is_the_one_it_was() -> None:
    assert listed(written("xlsx", by_hand())) == golden("workbook.txt").decode()


def test_the_same_forecast_gives_the_same_bytes() -> None:
    assert written("xlsx", by_hand()) == written("xlsx", by_hand())


@pytest.mark.parametrize("source", [by_hand(), acme()], ids=["by hand", "acme"])
def test_cached_values_are_those_of_the_api(source: ExportSource) -> None:
    book = opened(written("xlsx", source), values=True)
    assert book.sheetnames == SHEETS
    assert_of_the_api(book, source)


@pytest.mark.parametrize("source", [by_hand(), acme()], ids=["by hand", "acme"])
def test_what_libreoffice_calculates_is_what_the_api_answers(source: ExportSource, tmp_path: Path) -> None:
    content = written("xlsx", source)
    book = opened(recalculated(content, tmp_path), values=True)
    assert_of_the_api(book, source)
    ours, formulas = opened(content, values=True), opened(content)
    for sheet in formulas:
        for cell in (cell for row in sheet.rows for cell in row if cell.data_type == "f"):
            calculated = book[sheet.title][cell.coordinate].value
            assert cents(calculated) == cents(ours[sheet.title][cell.coordinate].value), (sheet.title, cell.coordinate)


def assert_of_the_api(book: Any, source: ExportSource) -> None:
    months, lines = book["Monthly"], list(book["Lines"].iter_rows(min_row=2, values_only=True))
    for place, month in enumerate(source.document["monthly"], start=2):
        assert f"{months[f'A{place}'].value:%Y-%m}" == month["month"]
        for column, basis in (("B", "billed"), ("F", "effective")):
            assert cents(months[f"{column}{place}"].value) == Decimal(month[basis]["mean"])
    total = 2 + len(source.months)
    assert months[f"A{total}"].value == "Total"
    for column, place, basis in (("B", 12, "billed"), ("F", 13, "effective")):
        assert cents(months[f"{column}{total}"].value) == mean(source, basis)
        assert sum(cents(line[place]) for line in lines) == mean(source, basis)
    for place, year in enumerate(source.document["annual"], start=total + 3):
        row = [months.cell(place, column).value for column in range(1, 5)]
        amounts = [
            year["fiscal_year"],
            *(Decimal(year["budget"][name]) for name in ("expected", "contingency", "amount")),
        ]
        assert [row[0], *map(cents, row[1:])] == amounts
    for place, outlook in enumerate(source.document["outlooks"], start=2):
        shown, against = book["Scenarios"][f"C{place}"].value, book["Scenarios"][f"D{place}"].value
        assert cents(shown) == Decimal(outlook["total"]["mean"])
        assert cents(against) == Decimal(outlook["total"]["mean"]) - mean(source, "effective")
    assets = [asset for fleet in source.document["fleets"] for asset in fleet["assets"]]
    for row, asset in zip(book["Schedule"].iter_rows(min_row=2, values_only=True), assets, strict=False):
        assert cents(row[11]) == Decimal(asset["closing"]["net_book_value"])


def test_amounts_sums_and_variances_are_formulas_and_quantiles_are_values() -> None:
    book = opened(written("xlsx", acme()))
    assert book["Lines"]["N2"].value.startswith("=ROUND(I2*K2+L2")
    assert [book["Monthly"][cell].data_type for cell in ("B2", "C2", "D2", "E2", "F2", "G2")] == list("fnnnfn")
    assert {book["Scenarios"][f"D{row}"].data_type for row in (2, 3, 4)} == {"f"}
    assert isinstance(book["Monthly"]["A2"].value, date | datetime)
    assert book["Monthly"]["B2"].number_format == "#,##0.00"


def test_text_that_looks_like_a_formula_is_text() -> None:
    book = opened(written("xlsx", by_hand()))
    cell = book["Lines"]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)
    assert "no earlier forecast" in book["Bridge"]["A2"].value
