"""Reads source tables and writes catalogue tables as the same bytes on every machine."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def format_rows(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV text with line feeds; a row with a column that is not listed is an error."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def require_values(name: str, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Raises ValueError for a row without a value in one of the columns: nothing enters without its provenance."""
    for number, row in enumerate(rows, start=2):
        missing = [column for column in columns if not row[column].strip()]
        if missing:
            raise ValueError(f"{name}, line {number}: no value for {', '.join(missing)}")
