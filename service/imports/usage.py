"""A file of recorded usage: CSV with the fields of `POST /v1/usage` as columns, or the JSON that it takes."""

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
    findings = Findings()
    rows = [row for _, row in csv_rows(body, UsageIn, findings, what="usage", at="/rows")]
    if len(rows) > MOST_ROWS:
        findings.add("", f"has {len(rows):,} rows; a file may have {MOST_ROWS:,}: send the months one by one")
    elif not rows and not findings.problems:
        findings.add("", "holds no rows below its header")
    findings.end()
    return UsageBatch(rows=rows, replace=query.replace)
