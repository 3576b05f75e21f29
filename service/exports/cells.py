"""Cells and rows of CSV files (RFC 4180) that a spreadsheet opens without running anything."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from service.exports.profile import PLAIN, Encoding, ExportProfile

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CODECS: dict[Encoding, str] = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "utf-16": "utf-16"}


def text_cell(text: str | None) -> str:
    """Text that came from people, behind an apostrophe where a spreadsheet would take it for a formula."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def number_cell(number: Decimal | None, separator: str = ".") -> str:
    """All digits, without exponent, sign of plus, or separators of thousands; a minus sign is no formula."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text if separator == "." else text.replace(".", separator)


def csv_pieces(
    header: Sequence[str], chunks: Iterable[Iterable[Sequence[str]]], profile: ExportProfile = PLAIN
) -> Iterator[bytes]:
    """The file piece by piece, one for each chunk of rows, in the profile's delimiter and encoding."""
    encoder = codecs.getincrementalencoder(_CODECS[profile.encoding])()
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=profile.delimiter, lineterminator="\r\n")
    writer.writerow(header)
    for rows in chunks:
        writer.writerows(rows)
        yield encoder.encode(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    yield encoder.encode(buffer.getvalue(), final=True)
