"""The sheet Schedule: the asset register by month, its closing balances as formulas."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from service.exports.source import ExportSource
from service.exports.workbook.pages import Book, Formula, Heading, Money


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Schedule", (20, 24, 9, *[18] * 9))
    sheet.headings(
        "Fleet",
        "Asset",
        "Month",
        "Opening cost",
        "Additions",
        "Disposals at cost",
        "Closing cost",
        "Opening accumulated",
        "Depreciation",
        "Disposals accumulated",
        "Closing accumulated",
        "Net book value",
    )
    sheet.freeze()
    months = {f"{month:%Y-%m}": month for month in source.months}
    first, total = sheet.row, Decimal(0)
    for fleet, asset in _assets(source):
        row = sheet.row
        opening, closing, disposals = asset["opening"], asset["closing"], asset["disposals"]
        total += Decimal(asset["depreciation"])
        sheet.write(
            fleet,
            asset["asset"],
            months[asset["month"]],
            Money(Decimal(opening["cost"])),
            Money(Decimal(asset["additions"])),
            Money(Decimal(disposals["cost"])),
            Formula(f"=D{row}+E{row}-F{row}", Decimal(closing["cost"])),
            Money(Decimal(opening["accumulated_depreciation"])),
            Money(Decimal(asset["depreciation"])),
            Money(Decimal(disposals["accumulated_depreciation"])),
            Formula(f"=H{row}+I{row}-J{row}", Decimal(closing["accumulated_depreciation"])),
            Formula(f"=G{row}-K{row}", Decimal(closing["net_book_value"])),
        )
    if sheet.row == first:
        sheet.write("No fleet owns anything.")
        return
    depreciation = Formula(f"=SUM(I{first}:I{sheet.row - 1})", total)
    sheet.write(Heading("Total"), None, None, None, None, None, None, None, depreciation)


def _assets(source: ExportSource) -> Iterator[tuple[str, dict[str, Any]]]:
    for fleet in source.document.get("fleets", ()):
        for asset in fleet.get("assets", ()):
            yield fleet["name"], asset
