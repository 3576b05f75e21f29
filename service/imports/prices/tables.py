"""Our own rows as CSV with a header, or as JSON: the fields of `POST /v1/prices`."""

from datetime import datetime

import msgspec

from forecasts.errors import Findings
from service.imports.csv_rows import csv_rows
from service.imports.prices.found import FoundPrice
from service.schemas.pricing.price import PriceIn, check_overlaps
from service.schemas.shape import MOST_PROBLEMS, BadShape, decode


def read_csv(body: bytes, findings: Findings, *, now: datetime) -> list[FoundPrice]:
    """Each bad cell is a finding `/row/column`, rows counted from 0 below the header without empty lines.

    Empty cells are defaults.
    """
    return _found(list(csv_rows(body, PriceIn, findings, what="a price")), findings, now)


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
