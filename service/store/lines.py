"""Budget lines: the rows that finance reads, written once with the result and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.store.database import workspace_of
from service.store.models import BudgetLines


class BudgetLine(NamedTuple):
    """One mean of the budget: workload x route x meter (or kind of fleet cost) x month; money in `currency`."""

    month: date
    workload: str | None
    cost_center: str | None
    gl_account: str | None
    route: str | None
    kind: str
    meter: str | None
    quantity: Decimal | None
    unit: str | None
    unit_price: Decimal | None
    billed: Decimal
    effective: Decimal
    currency: str


@dataclass(frozen=True)
class LineRecord:
    """A stored line; `position` counts from 0 in the order of the budget."""

    position: int
    month: date
    workload: str | None
    cost_center: str | None
    gl_account: str | None
    route: str | None
    kind: str
    meter: str | None
    quantity: Decimal | None
    unit: str | None
    unit_price: Decimal | None
    billed: Decimal
    effective: Decimal
    currency: str


_COLUMNS = [getattr(BudgetLines, field.name) for field in fields(LineRecord)]
_TYPES = {
    "month": "date",
    "quantity": "numeric",
    "unit_price": "numeric",
    "billed": "numeric",
    "effective": "numeric",
}
_NAMES = ", ".join(BudgetLine._fields)
# COPY is refused on a table with row-level security, so all lines travel in one statement: one JSON array a column,
# which halves the time that the driver takes for arrays of numbers and dates.
_INSERT = (
    f"INSERT INTO budget_lines (workspace_id, forecast_id, {_NAMES}, position) SELECT %s, %s, "  # noqa: S608
    + ", ".join(f"{name}::{_TYPES.get(name, 'text')}" for name in BudgetLine._fields)
    + ", place - 1 FROM ROWS FROM ("
    + ", ".join("json_array_elements_text(%s::json)" for _ in BudgetLine._fields)
    + f") WITH ORDINALITY AS line({_NAMES}, place)"
)


def insert_lines(session: Session, forecast_id: UUID, lines: Sequence[tuple[object, ...]]) -> None:
    """Writes all lines in one statement; each is a BudgetLine or a tuple in its order."""
    if lines:
        columns = (msgspec.json.encode(values).decode() for values in zip(*lines, strict=True))
        session.connection().exec_driver_sql(_INSERT, (workspace_of(session), forecast_id, *columns))


def page(session: Session, forecast_id: UUID, *, after: int | None, limit: int) -> tuple[list[LineRecord], int | None]:
    """Lines in the order of the budget from behind position `after`, and the cursor unless the page is the last."""
    statement = (
        select(*_COLUMNS).where(BudgetLines.forecast_id == forecast_id).order_by(BudgetLines.position).limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(BudgetLines.position > after)
    rows = [LineRecord(*row) for row in session.execute(statement)]
    return rows[:limit], rows[limit - 1].position if len(rows) > limit else None
