"""The budget's lines as a CSV file (RFC 4180) that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from tokencast.whole_files import write_whole

COLUMNS = (
    "id",
    "month",
    "workload",
    "cost_center",
    "gl_account",
    "route",
    "kind",
    "meter",
    "quantity",
    "unit",
    "unit_price",
    "currency",
    "billed",
    "effective",
)
# Numbers by their kind: a negative amount begins with a minus sign and is no formula.
_NUMBERS = frozenset({"id", "quantity", "unit_price", "billed", "effective"})
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]], currency: str) -> int:
    """Writes the file whole or not at all and returns how many lines it holds; OSError when it cannot."""
    with write_whole(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        count = _write(text, lines, currency)
        text.flush()
        text.detach()
    return count


def _write(file: IO[str], lines: Iterable[Mapping[str, Any]], currency: str) -> int:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for line in lines:
        writer.writerow(_cell(column, currency if column == "currency" else line.get(column)) for column in COLUMNS)
        count += 1
    return count


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if column not in _NUMBERS and text.startswith(_BEGINS_A_FORMULA) else text
