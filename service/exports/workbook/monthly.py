"""The sheet Monthly: months as sums of lines with their quantiles as values, and the budget of each fiscal year."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.exports.fiscal import fiscal_year
from service.exports.source import ExportSource
from service.exports.workbook import lines
from service.exports.workbook.pages import Book, Cell, Formula, Heading, Money

_COLUMN_OF = {"billed": "B", "effective": "F"}
TOTAL_EFFECTIVE = "TotalEffective"


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Monthly", (16, 16, 16, 16, 16, 16, 16, 16, 16))
    quantiles = ("P10", "P50", "P90")
    sheet.headings("Month", "Billed", *quantiles, "Effective", *quantiles)
    sheet.freeze()
    first = sheet.row
    for month, figures in zip(source.months, source.document["monthly"], strict=True):
        sums = (
            f"=SUMIFS({lines.BILLED},{lines.MONTHS},A{sheet.row})",
            f"=SUMIFS({lines.EFFECTIVE},{lines.MONTHS},A{sheet.row})",
        )
        sheet.write(month, *_figures(figures, sums))
    last = sheet.row - 1
    sums = (f"=SUM(B{first}:B{last})", f"=SUM(F{first}:F{last})")
    total = sheet.write(Heading("Total"), *_figures(source.document["total"], sums))
    book.define(TOTAL_EFFECTIVE, f"=Monthly!$F${total}")
    sheet.write()
    sheet.headings("Fiscal year", "Expected", "Contingency", "Budget", "Basis", "Confidence")
    column = _COLUMN_OF[source.basis]
    years = [fiscal_year(month, source.fiscal_year_start_month) for month in source.months]
    for year in source.document["annual"]:
        name, begins = year["fiscal_year"], first + years.index(year["fiscal_year"])
        span = f"{column}{begins}:{column}{begins + years.count(name) - 1}"
        sheet.write(name, *_budget(year["budget"], f"=SUM({span})", sheet.row))
    sheet.write(Heading("Horizon"), *_budget(source.document["total"]["budget"], f"={column}{total}", sheet.row))


def _figures(figures: Mapping[str, Any], sums: tuple[str, str]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for basis, formula in zip(("billed", "effective"), sums, strict=True):
        dist = figures[basis]
        cells.append(Formula(formula, Decimal(dist["mean"])))
        cells += [Money(Decimal(dist[name])) for name in ("p10", "p50", "p90")]
    return tuple(cells)


def _budget(budget: Mapping[str, Any], expected: str, row: int) -> tuple[Cell, ...]:
    """The amount is a quantile, hence a value; the contingency is what it exceeds the expected cost by."""
    return (
        Formula(expected, Decimal(budget["expected"])),
        Formula(f"=D{row}-B{row}", Decimal(budget["contingency"])),
        Money(Decimal(budget["amount"])),
        budget["basis"],
        budget["confidence"],
    )
