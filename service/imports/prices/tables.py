"""Our own rows as CSV with a header, or as JSON: the fields of `POST /v1/prices`."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import msgspec

from forecasts.errors import Findings
from service.imports.prices.found import FoundPrice
from service.schemas.pricing.price import PriceIn, check_overlaps
from service.schemas.shape import MOST_PROBLEMS, BadShape, decode, shape_problems

_FIELDS = PriceIn.__struct_fields__
_REQUIRED = tuple(field.name for field in msgspec.structs.fields(PriceIn) if field.required)


def read_csv(body: bytes, findings: Findings, *, now: datetime) -> list[FoundPrice]:
    """Each bad cell is a finding `/row/column`, rows counted from 0 below the header without empty lines.

    Empty cells are defaults.
    """
    sent = []
    for index, cells in enumerate(_csv_rows(body, findings)):
        raw = {name: value for name, value in cells.items() if value != ""}
        problems = shape_problems(raw, PriceIn, strict=False)
        for problem in problems:
            findings.add(f"/{index}{problem.pointer}", problem.detail)
        if not problems:
            sent.append((index, msgspec.convert(raw, PriceIn, strict=False)))
    return _found(sent, findings, now)


def read_json(body: bytes, findings: Findings, *, now: datetime) -> list[FoundPrice]:
    """An array of prices, as bulk posts are; raises BadJson. Rows in the right shape are checked beside broken ones."""
    try:
        sent = list(enumerate(decode(body, list[PriceIn])))
    except BadShape as bad:
        for problem in bad.problems:
            findings.add(problem.pointer, problem.detail)
        broken = {problem.pointer.split("/")[1] for problem in bad.problems if problem.pointer}
        rows = msgspec.json.decode(body) if broken and len(bad.problems) < MOST_PROBLEMS else []
        sent = [(index, msgspec.convert(raw, PriceIn)) for index, raw in enumerate(rows) if str(index) not in broken]
    return _found(sent, findings, now)


def _found(sent: list[tuple[int, PriceIn]], findings: Findings, now: datetime) -> list[FoundPrice]:
    if not sent and not findings.problems:
        findings.add("", "holds no prices")
    prices = [row.to_price(findings, f"/{index}", now=now) for index, row in sent]
    check_overlaps(prices, findings, "")
    return [
        FoundPrice(pointer=f"/{index}", price=price, dated=row.recorded_at is not None)
        for (index, row), price in zip(sent, prices, strict=True)
    ]


def _csv_rows(body: bytes, findings: Findings) -> Iterator[dict[str, Any]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("", f"is not UTF-8 text at byte {error.start}")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _check_header(header, findings):
            return
        for index, cells in enumerate(filter(None, reader)):
            if len(cells) != len(header):
                findings.add(f"/{index}", f"has {len(cells)} cells where the header has {len(header)} columns")
                continue
            yield dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        findings.add("", f"is no CSV file: line {reader.line_num}: {error}")


def _check_header(header: list[str], findings: Findings) -> bool:
    before = len(findings.problems)
    for name in header:
        if name not in _FIELDS:
            near = get_close_matches(name, _FIELDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(_FIELDS)}"
            findings.add(f"/header/{name}", f"is no column of a price{hint}")
        elif header.count(name) > 1:
            findings.add(f"/header/{name}", "stands in the header more than once")
    for name in _REQUIRED:
        if name not in header:
            findings.add(f"/header/{name}", "is a column that every price needs")
    return len(findings.problems) == before
