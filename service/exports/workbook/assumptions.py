"""The sheet Assumptions: what the forecast was made with."""

from typing import Any

from service.exports.source import ExportSource
from service.exports.workbook.pages import Book


def write(book: Book, source: ExportSource) -> None:
    sheet = book.sheet("Assumptions", (34, 44, 44, 60))
    forecast = source.forecast
    sheet.headings("Assumption", "Value")
    for name, value in (
        ("Forecast", str(forecast.id)),
        ("Prices as of", forecast.as_of.isoformat()),
        ("First month", f"{source.months[0]:%Y-%m}"),
        ("Months", len(source.months)),
        ("Fiscal year begins in month", source.fiscal_year_start_month),
        ("Currency", source.currency),
        ("Budget basis", source.basis),
        ("Confidence", forecast.confidence),
        ("Seed", str(forecast.seed)),
        ("Draws", forecast.draws),
        ("Model version", forecast.model_version),
        ("SHA-256 of the inputs", forecast.inputs_sha256),
    ):
        sheet.write(name, value)
    sheet.write()
    sheet.headings("Price outlook", "Chosen")
    for outlook in source.document.get("outlooks", ()):
        sheet.write(outlook["name"], "yes" if outlook["chosen"] else "no")
    sheet.write()
    sheet.headings("Fleet", "Decoder", "Basis of its gain", "Measured with")
    for fleet in source.document.get("fleets", ()):
        decoder: dict[str, Any] = fleet["decoder"]
        sheet.write(fleet["name"], decoder["preset"], decoder["basis"] or "", decoder["measured_with"])
    sheet.write()
    sheet.headings("Warning", "Where", "What")
    for warning in source.document.get("warnings", ()):
        sheet.write(warning["type"], warning["pointer"], warning["detail"])
