"""Budget lines: the rows that finance reads, written once with the result and never changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, func, select

from forecasts.budgeting.actual_lines import KIND as RECORDED
from service.store.errors import NotFound
from service.store.statements import Statement, Write
from service.store.tables import BudgetLines

# More than any forecast has: whoever reads them all asks for so many.
ALL_LINES = 10_000_000


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


class LineRecord(NamedTuple):
    """A stored line; `position` counts from 0 in the order of the budget. Made by the thousand, hence a tuple."""

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


class LineTotals(NamedTuple):
    """The sum of some lines."""

    lines: int
    billed: Decimal
    effective: Decimal


# Columns of a line with the value each must have; None is a line that has none.
Wanted = Mapping[str, object]


class Codes(NamedTuple):
    """What lines bear together, however many do."""

    gl_account: str | None
    cost_center: str | None
    kind: str


class GroupSum(NamedTuple):
    """What the lines of one name cost in one month; `recorded` where they are no forecast but what happened."""

    month: date
    name: str | None
    recorded: bool
    billed: Decimal
    effective: Decimal


GroupColumn = Literal["workload", "cost_center", "gl_account", "route", "kind", "meter"]
GROUP_COLUMNS: tuple[GroupColumn, ...] = get_args(GroupColumn)

_PAGE = Statement(
    select(*(getattr(BudgetLines, name) for name in LineRecord._fields))
    .where(
        BudgetLines.forecast_id == bindparam("forecast_id"),
        BudgetLines.position > bindparam("after"),
    )
    .order_by(BudgetLines.position)
    .limit(bindparam("at_most", type_=BigInteger))
)
_CODES = Statement(
    select(*(getattr(BudgetLines, name) for name in Codes._fields))
    .where(BudgetLines.forecast_id == bindparam("forecast_id"))
    .distinct()
)
# The primary key leads to the lines of one forecast; a million of them are one pass over its part of the table.
_GROUP_SUMS = {
    name: Statement(
        select(
            BudgetLines.month,
            getattr(BudgetLines, name).label("name"),
            func.bool_or(BudgetLines.kind == RECORDED).label("recorded"),
            func.sum(BudgetLines.billed).label("billed"),
            func.sum(BudgetLines.effective).label("effective"),
        )
        .where(BudgetLines.forecast_id == bindparam("forecast_id"))
        .group_by(BudgetLines.month, getattr(BudgetLines, name))
        .order_by(BudgetLines.month)
    )
    for name in GROUP_COLUMNS
}
_COUNT = Statement(select(func.count()).where(BudgetLines.forecast_id == bindparam("forecast_id")))
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
    f"INSERT INTO budget_lines (workspace_id, forecast_id, {_NAMES}, position) SELECT %(workspace_id)s, "  # noqa: S608
    + "%(forecast_id)s, "
    + ", ".join(f"{name}::{_TYPES.get(name, 'text')}" for name in BudgetLine._fields)
    + ", place - 1 FROM ROWS FROM ("
    + ", ".join(f"json_array_elements_text(%({name})s::json)" for name in BudgetLine._fields)
    + f") WITH ORDINALITY AS line({_NAMES}, place)"
)


def lines_of(workspace_id: UUID, forecast_id: UUID, lines: Sequence[tuple[object, ...]]) -> Write:
    """All lines as one write; each is a BudgetLine or a tuple in its order, and there must be one."""
    columns = (msgspec.json.encode(values).decode() for values in zip(*lines, strict=True))
    named = dict(zip(BudgetLine._fields, columns, strict=True))
    return Write(_INSERT, {"workspace_id": workspace_id, "forecast_id": forecast_id, **named})


def get(session: Connection, forecast_id: UUID, position: int) -> LineRecord:
    """Raises NotFound."""
    values = {"forecast_id": forecast_id, "after": position - 1, "at_most": 1}
    row = _PAGE.run(session, values).one_or_none()
    if row is None or row.position != position:
        raise NotFound("line", str(position))
    return LineRecord(*row)


def page(
    session: Connection, forecast_id: UUID, *, after: int | None, limit: int
) -> tuple[list[LineRecord], int | None]:
    """Lines in the order of the budget from behind position `after`, and the cursor unless the page is the last."""
    values = {"forecast_id": forecast_id, "after": -1 if after is None else after, "at_most": limit + 1}
    rows = [LineRecord(*row) for row in _PAGE.run(session, values)]
    return rows[:limit], rows[limit - 1].position if len(rows) > limit else None


def select_page(
    session: Connection, forecast_id: UUID, wanted: Wanted, *, after: int | None, limit: int
) -> tuple[list[LineRecord], int | None]:
    """The same, of the lines that have every value that is wanted."""
    statement = (
        select(*(getattr(BudgetLines, name) for name in LineRecord._fields))
        .where(BudgetLines.position > (-1 if after is None else after), *_chosen(forecast_id, wanted))
        .order_by(BudgetLines.position)
        .limit(limit + 1)
    )
    rows = [LineRecord(*row) for row in session.execute(statement)]
    return rows[:limit], rows[limit - 1].position if len(rows) > limit else None


def totals(session: Connection, forecast_id: UUID, wanted: Wanted) -> LineTotals:
    """How many lines have every value that is wanted, and what they cost together."""
    statement = select(
        func.count(),
        func.coalesce(func.sum(BudgetLines.billed), 0),
        func.coalesce(func.sum(BudgetLines.effective), 0),
    ).where(*_chosen(forecast_id, wanted))
    return LineTotals(*session.execute(statement).one())


def _chosen(forecast_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    return [
        BudgetLines.forecast_id == forecast_id,
        *(getattr(BudgetLines, name) == value for name, value in wanted.items()),
    ]


def codes(session: Connection, forecast_id: UUID) -> list[Codes]:
    """Every account with every cost centre and kind of line that it stands with."""
    return [Codes(*row) for row in _CODES.run(session, {"forecast_id": forecast_id})]


def group_sums(session: Connection, forecast_id: UUID, column: GroupColumn) -> list[GroupSum]:
    """The exact sums of the lines by month and one of their columns, by month."""
    return [GroupSum(*row) for row in _GROUP_SUMS[column].run(session, {"forecast_id": forecast_id})]


def count(session: Connection, forecast_id: UUID) -> int:
    return int(_COUNT.run(session, {"forecast_id": forecast_id}).scalar_one())
