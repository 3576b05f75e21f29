"""The sheet Scenarios: the same horizon under other price outlooks, and how far each is from the chosen one."""

from decimal import Decimal

from service.exports.source import ExportSource
from service.exports.workbook.monthly import TOTAL_EFFECTIVE
from service.exports.workbook.pages import Book, Formula, Money


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Scenarios", (24, 10, 18, 18, 18, 18, 18))
    sheet.headings("Price outlook", "Chosen", "Effective cost", "Against the chosen", "P10", "P50", "P90")
    sheet.freeze()
    chosen = Decimal(source.document["total"]["effective"]["mean"])
    for outlook in source.document.get("outlooks", ()):
        total = {name: Decimal(figure) for name, figure in outlook["total"].items()}
        mean = Formula(f"={TOTAL_EFFECTIVE}", chosen) if outlook["chosen"] else Money(total["mean"])
        variance = Formula(f"=C{sheet.row}-{TOTAL_EFFECTIVE}", total["mean"] - chosen)
        quantiles = (Money(total[name]) for name in ("p10", "p50", "p90"))
        sheet.write(outlook["name"], "yes" if outlook["chosen"] else "no", mean, variance, *quantiles)
