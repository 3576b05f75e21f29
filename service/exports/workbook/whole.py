"""The workbook put together in a temporary file, and read from it in pieces."""

import tempfile
from collections.abc import Iterator

from service.exports.source import Choices, ExportSource
from service.exports.workbook import assumptions, bridge, lines, monthly, scenarios, schedule
from service.exports.workbook.pages import Book

_BYTES_IN_A_PIECE = 1 << 16


def write(source: ExportSource, _: Choices) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        book = Book(file, source.currency)
        assumptions.write(book, source)
        monthly.write(book, source)
        scenarios.write(book, source)
        bridge.write(book, source)
        schedule.write(book, source)
        lines.write(book, source)
        finished = source.forecast.finished_at
        # The same forecast gives the same bytes, whenever it is exported.
        book.close({"title": f"Forecast {source.forecast.id}", "created": finished and finished.replace(tzinfo=None)})
        file.seek(0)
        while piece := file.read(_BYTES_IN_A_PIECE):
            yield piece
