"""Rows of a CSV file whose columns are the fields of a wire shape; every bad cell is a finding of its own."""

import csv
import io
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from forecasts.errors import Findings
from service.schemas.shape import shape_problems

T = TypeVar("T", bound=msgspec.Struct)


def csv_rows(body: bytes, shape: type[T], findings: Findings, *, what: str, at: str = "") -> Iterator[tuple[int, T]]:
    """The rows that have the shape, with their numbers: from 0 below the header, without empty lines.

    An empty cell is the field's default. Findings are `at` and `/row/column`; `what` is what a row is called in them.
    """
    for index, cells in enumerate(_cells(body, shape, findings, what, at)):
        if cells is None:
            continue
        raw = {name: value for name, value in cells.items() if value != ""}
        problems = shape_problems(raw, shape, strict=False)
        for problem in problems:
            findings.add(f"{at}/{index}{problem.pointer}", problem.detail)
        if not problems:
            yield index, msgspec.convert(raw, shape, strict=False)


def _cells(
    body: bytes, shape: type[msgspec.Struct], findings: Findings, what: str, at: str
) -> Iterator[dict[str, Any] | None]:
    """Each row by column; None for one with too many or too few cells."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("", f"is not UTF-8 text at byte {error.start}")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _check_header(header, shape, findings, what):
            return
        for index, cells in enumerate(filter(None, reader)):
            if len(cells) != len(header):
                findings.add(f"{at}/{index}", f"has {len(cells)} cells where the header has {len(header)} columns")
                yield None
            else:
                yield dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        findings.add("", f"is no CSV file: line {reader.line_num}: {error}")


def _check_header(header: list[str], shape: type[msgspec.Struct], findings: Findings, what: str) -> bool:
    before = len(findings.problems)
    fields = shape.__struct_fields__
    for name in header:
        if name not in fields:
            near = get_close_matches(name, fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(fields)}"
            findings.add(f"/header/{name}", f"is no column of {what}{hint}")
        elif header.count(name) > 1:
            findings.add(f"/header/{name}", "stands in the header more than once")
    for field in msgspec.structs.fields(shape):
        if field.required and field.name not in header:
            findings.add(f"/header/{field.name}", f"is a column that {what} needs")
    return len(findings.problems) == before
