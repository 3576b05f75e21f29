"""The workbook being written: cells by kind, row by row, in the formats of the forecast's currency."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from forecasts.money import minor_digits
from service.exports.cells import BEGINS_A_FORMULA


class Heading(str):
    """Text above or beside what it names."""

    __slots__ = ()


class Money(NamedTuple):
    amount: Decimal


class Formula(NamedTuple):
    """A formula and the value it has, so that a viewer without a calculator shows it, too."""

    text: str
    value: Decimal


Cell = str | int | float | Decimal | date | Money | Formula | None


class Book:
    """A workbook in constant memory: each sheet's rows go out in order and are never looked at again."""

    def __init__(self, file: IO[bytes], currency: str) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._workbook = Workbook(file, options)
        digits = minor_digits(currency)
        money = "#,##0" + ("." + "0" * digits if digits else "")
        self._money: Format = self._workbook.add_format({"num_format": money})
        self._month: Format = self._workbook.add_format({"num_format": "yyyy-mm", "align": "left"})
        self._heading: Format = self._workbook.add_format({"bold": True})
        # What somebody typed stays text even after it was edited.
        self._quoted: Format = self._workbook.add_format({"quote_prefix": True})

    def sheet(self, name: str, widths: Sequence[int]) -> "Sheet":
        sheet = self._workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return Sheet(self, sheet)

    def define(self, name: str, reference: str) -> None:
        """A named range."""
        self._workbook.define_name(name, reference)

    def close(self, properties: dict[str, object]) -> None:
        self._workbook.set_properties(properties)
        self._workbook.close()

    def put(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case Formula():
                sheet.write_formula(row, column, cell.text, self._money, float(cell.value))
            case Money():
                sheet.write_number(row, column, float(cell.amount), self._money)
            case Heading():
                sheet.write_string(row, column, str(cell), self._heading)
            case str():
                sheet.write_string(row, column, cell, self._quoted if cell.startswith(BEGINS_A_FORMULA) else None)
            case date():
                sheet.write_datetime(row, column, cell, self._month)
            case _:
                sheet.write_number(row, column, float(cell))


class Sheet:
    """Rows from top to bottom; `row` is the number, as formulas count, of the row that comes next."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self._book = book
        self._worksheet = worksheet
        self.row = 1

    def write(self, *cells: Cell) -> int:
        """Writes one row and answers its number."""
        for column, cell in enumerate(cells):
            self._book.put(self._worksheet, self.row - 1, column, cell)
        self.row += 1
        return self.row - 1

    def headings(self, *texts: str) -> int:
        return self.write(*map(Heading, texts))

    def freeze(self) -> None:
        """Keeps what was written so far in view."""
        self._worksheet.freeze_panes(self.row - 1, 0)
