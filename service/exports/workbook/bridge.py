"""The sheet Bridge: from the forecast that this one renews to this one; without one it says so."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.exports.source import ExportSource
from service.exports.workbook.pages import Book, Formula, Money, Sheet

_BASES = (("B", "effective"), ("C", "billed"))


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Bridge", (60, 18, 18))
    found = source.bridge
    if found is None:
        sheet.headings("Bridge")
        sheet.write("There is no earlier forecast to compare this one with.")
        return
    sheet.headings("Part", "Effective cost", "Billed cost")
    sheet.freeze()
    _write_split(sheet, "All", found)
    for heading, splits in (("Workload", "workloads"), ("Fleet", "fleets"), ("Contract", "contracts")):
        for split in found[splits]:
            sheet.write(None)
            _write_split(sheet, f"{heading} {split['name']}", split)
    sheet.write(None)
    for sentence in found["sentences"]:
        sheet.write(sentence["text"])


def _write_split(sheet: Sheet, name: str, split: Mapping[str, Any]) -> None:
    """What it was, each part that is not nothing, and their sum as a formula."""
    first = sheet.write(f"{name}: before", *(Money(Decimal(split["before"][basis])) for _, basis in _BASES))
    for part in split["parts"]:
        amounts = [Decimal(part[basis]) for _, basis in _BASES]
        if any(amounts):
            sheet.write(part["part"], *map(Money, amounts))
    last = sheet.row - 1
    sheet.write(
        f"{name}: after",
        *(Formula(f"=SUM({column}{first}:{column}{last})", Decimal(split["after"][basis])) for column, basis in _BASES),
    )
