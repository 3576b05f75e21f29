"""A file of recorded usage: CSV with the fields of `POST /v1/usage` as columns, or the JSON that it takes."""

import csv
import io
from itertools import islice
from typing import Literal

import msgspec

from forecasts.errors import Findings
from service.imports.csv_rows import csv_rows
from service.schemas.shape import decode
from service.schemas.usage.record import MOST_ROWS, UsageBatch, UsageIn


class UsageImportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`replace` lets a CSV file correct what is recorded with other numbers; a JSON file says so itself."""

    format: Literal["csv", "json"]
    replace: bool = False


def read_usage(body: bytes, query: UsageImportQuery) -> UsageBatch:
    """Raises InvalidInput with every bad cell as `/rows/row/column`, and BadJson or BadShape of a JSON file."""
    if query.format == "json":
        return decode(body, UsageBatch)
    rows = _rows(body, most=MOST_ROWS)
    return UsageBatch(rows=rows, replace=query.replace)


def check_usage(body: bytes, format_: Literal["csv", "json"]) -> None:
    """The same problems and those of the rows' meaning, of a CSV file of any length."""
    batch = decode(body, UsageBatch) if format_ == "json" else UsageBatch(rows=_rows(body, most=None))
    batch.to_usage()


def csv_in_pieces(body: bytes) -> list[bytes]:
    """The same file as files of at most MOST_ROWS rows each; it has been read without a problem before."""
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    header, rows = next(reader), filter(None, reader)
    pieces = []
    while piece := list(islice(rows, MOST_ROWS)):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *piece])
        pieces.append(text.getvalue().encode())
    return pieces


def _rows(body: bytes, *, most: int | None) -> list[UsageIn]:
    findings = Findings()
    rows = [row for _, row in csv_rows(body, UsageIn, findings, what="usage", at="/rows")]
    if most is not None and len(rows) > most:
        findings.add("", f"has {len(rows):,} rows; a file may have {most:,}: send the months one by one")
    elif not rows and not findings.problems:
        findings.add("", "holds no rows below its header")
    findings.end()
    return rows
