"""The sheet Lines: every cost line, its amounts being quantity x unit price and what rounding leaves."""

from decimal import Decimal

from forecasts.money import minor_digits
from service.exports.source import ExportSource
from service.exports.workbook.pages import Book, Cell, Formula, Money
from service.store.lines import LineRecord

COLUMNS = (
    "Line",
    "Month",
    "Workload",
    "Cost centre",
    "Account",
    "Route",
    "Kind",
    "Meter",
    "Quantity",
    "Unit",
    "Unit price",
    "Rounding",
    "Billed",
    "Effective",
)
# A sheet has 1,048,576 rows.
MOST_LINES = 1_000_000
MONTHS, BILLED, EFFECTIVE = "LineMonths", "LinesBilled", "LinesEffective"


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Lines", (7, 9, 24, 12, 12, 30, 14, 14, 18, 16, 16, 12, 16, 16))
    sheet.headings(*COLUMNS)
    sheet.freeze()
    digits = minor_digits(source.currency)
    for chunk in source.chunks():
        for line in chunk:
            sheet.write(*_cells(line, sheet.row, digits))
    last = max(sheet.row - 1, 2)
    for name, column in ((MONTHS, "B"), (BILLED, "M"), (EFFECTIVE, "N")):
        book.define(name, f"=Lines!${column}$2:${column}${last}")


def _cells(line: LineRecord, row: int, digits: int) -> tuple[Cell, ...]:
    billed: Cell
    effective: Cell
    rounding: Decimal | None = None
    billed, effective = Money(line.billed), Money(line.effective)
    if line.quantity is not None and line.unit_price is not None:
        # The price is of the effective cost where there is any, else of the billed one.
        priced = line.effective or line.billed
        rounding = priced - line.quantity * line.unit_price
        amount = Formula(f"=ROUND(I{row}*K{row}+L{row},{digits})", priced)
        if line.effective:
            effective = amount
            billed = Formula(f"=N{row}", priced) if line.billed == line.effective else billed
        else:
            billed = amount
    return (
        line.position,
        line.month,
        line.workload,
        line.cost_center,
        line.gl_account,
        line.route,
        line.kind,
        line.meter,
        line.quantity,
        line.unit,
        line.unit_price,
        rounding,
        billed,
        effective,
    )
