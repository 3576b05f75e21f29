"""A bridge as a table: one row a name or month, one column a part, on one basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

Grouping = Literal["workloads", "fleets", "contracts", "cost_centers", "monthly", "annual"]
Basis = Literal["effective", "billed"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

_NAME = {"monthly": "month", "annual": "fiscal_year"}


@dataclass(frozen=True, kw_only=True)
class BridgeRow:
    """`before` and the `parts`, in the columns' order, add to `after`."""

    name: str
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
    """`document` is a bridge on the wire. A part that is zero everywhere has no column; the largest change comes first.

    Months and years stay in their order.
    """
    columns = [part["part"] for part in document["parts"] if Decimal(part[basis])]
    grouped = [(str(one[_NAME.get(grouping, "name")]), one) for one in document[grouping]]
    columns += [name for name in _parts_of(grouped, basis) if name not in columns]
    rows = [_row(name, one, columns, basis) for name, one in grouped]
    if grouping not in _NAME:
        rows.sort(key=lambda row: abs(row.change), reverse=True)
    return BridgeTable(columns=tuple(columns), rows=tuple(rows), total=_row("Total", document, columns, basis))


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
