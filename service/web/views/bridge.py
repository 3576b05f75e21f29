"""A bridge as a table: one row a name or month, one column a part, on one basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

Grouping = Literal["workloads", "fleets", "contracts", "cost_centers", "monthly", "annual"]
Basis = Literal["effective", "billed"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

_NAME = {"monthly": "month", "annual": "fiscal_year"}


# What a grouping has no name for: workloads do not bear idle nodes, and fleets have what is borne by no workload.
_REST = {
    "workloads": "Idle fleets, one-offs and contracts",
    "fleets": "Borne by workloads, or of contracts",
    "contracts": "Workloads and fleets",
    "cost_centers": "No cost centre",
}


@dataclass(frozen=True, kw_only=True)
class BridgeRow:
    """`before` and the `parts`, in the columns' order, add to `after`; the `rest` is what no name is of."""

    name: str
    rest: bool = False
    before: Decimal
    parts: tuple[Decimal, ...]
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class BridgeTable:
    columns: tuple[str, ...]
    rows: tuple[BridgeRow, ...]
    total: BridgeRow


def bridge_table(document: dict[str, Any], grouping: Grouping, basis: Basis) -> BridgeTable:
    """`document` is a bridge on the wire. A part that is zero everywhere has no column; the largest change comes first,
    and what has no name last, so that the rows add to the total.

    Months and years stay in their order.
    """
    columns = [part["part"] for part in document["parts"] if Decimal(part[basis])]
    grouped = [(str(one[_NAME.get(grouping, "name")]), one) for one in document[grouping]]
    columns += [name for name in _parts_of(grouped, basis) if name not in columns]
    rows = [_row(name, one, columns, basis) for name, one in grouped]
    total = _row("Total", document, columns, basis)
    if grouping not in _NAME:
        rows.sort(key=lambda row: abs(row.change), reverse=True)
        rows += _rest(total, rows, _REST[grouping])
    return BridgeTable(columns=tuple(columns), rows=tuple(rows), total=total)


def _rest(total: BridgeRow, rows: Sequence[BridgeRow], name: str) -> list[BridgeRow]:
    """What the rows leave of the total, if anything."""
    rest = BridgeRow(
        name=name,
        rest=True,
        before=total.before - sum((row.before for row in rows), Decimal(0)),
        parts=tuple(
            whole - sum((row.parts[index] for row in rows), Decimal(0)) for index, whole in enumerate(total.parts)
        ),
        after=total.after - sum((row.after for row in rows), Decimal(0)),
    )
    return [rest] if any((rest.before, rest.after, *rest.parts)) else []


def _parts_of(grouped: Sequence[tuple[str, dict[str, Any]]], basis: Basis) -> list[str]:
    """Parts that cancel out in the whole but not in its groups."""
    return list(dict.fromkeys(part["part"] for _, one in grouped for part in one["parts"] if Decimal(part[basis])))


def _row(name: str, split: dict[str, Any], columns: Sequence[str], basis: Basis) -> BridgeRow:
    parts = {part["part"]: Decimal(part[basis]) for part in split["parts"]}
    return BridgeRow(
        name=name,
        before=Decimal(split["before"][basis]),
        parts=tuple(parts[column] for column in columns),
        after=Decimal(split["after"][basis]),
    )
