"""The months of a forecast as tables: their totals with the range, and the costliest groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from service.schemas.forecast.months import ForecastMonthsOut

Grouping = Literal["workload", "provider", "kind", "cost_center"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

_UNNAMED = {
    "workload": "Idle nodes and contracts",
    "provider": "Own fleets",
    "kind": "Other kinds",
    "cost_center": "No cost centre",
}


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """`budget` is the fiscal year's, spread over its months as their expected cost is."""

    month: str
    actual: bool
    expected: str
    p10: str
    p90: str
    budget: Decimal


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """`chosen_by` is what a line of the group has in the column it is grouped by; None where no parameter asks so."""

    words: str
    chosen_by: str | None
    total: Decimal
    amounts: Sequence[Decimal]


@dataclass(frozen=True, kw_only=True)
class GroupTable:
    """Rows add up to `total` in each month."""

    months: Sequence[tuple[str, bool]]
    rows: tuple[GroupRow, ...]
    total: GroupRow


def month_rows(document: Mapping[str, Any], actual: Mapping[str, bool]) -> list[MonthRow]:
    """`actual` says of a month whether it is recorded."""
    basis = document["total"]["budget"]["basis"]
    months = iter(document["monthly"])
    rows = []
    for year in document["annual"]:
        expected, amount = Decimal(year["budget"]["expected"]), Decimal(year["budget"]["amount"])
        for _ in range(year["months"]):
            month = next(months)
            mean = Decimal(month[basis]["mean"])
            rows.append(
                MonthRow(
                    month=month["month"],
                    actual=actual.get(month["month"], False),
                    expected=month[basis]["mean"],
                    p10=month[basis]["p10"],
                    p90=month[basis]["p90"],
                    budget=mean * amount / expected if expected else amount / year["months"],
                )
            )
    return rows


def group_table(found: ForecastMonthsOut, basis: Literal["effective", "billed"]) -> GroupTable:
    """The groups as they are listed, and what the others cost together."""
    rows = [
        _row(_words_of(group.name, found.by), getattr(group, basis), _chosen_by(group.name, found.by))
        for group in found.groups
    ]
    if found.others is not None:
        rows.append(_row(f"{found.others.count} others", getattr(found.others, basis)))
    return GroupTable(
        months=list(zip(found.months, found.actual, strict=True)),
        rows=tuple(rows),
        total=_row("Total", getattr(found.total, basis)),
    )


def _row(words: str, amounts: Sequence[Decimal], chosen_by: str | None = None) -> GroupRow:
    return GroupRow(words=words, chosen_by=chosen_by, total=sum(amounts, Decimal(0)), amounts=amounts)


def _words_of(name: str | None, by: str) -> str:
    if name is None:
        return _UNNAMED.get(by, "Others")
    return name.replace("_", " ").capitalize() if by == "kind" else name


def _chosen_by(name: str | None, by: str) -> str | None:
    """An empty parameter asks for lines that have none. A provider is no column of a line."""
    return None if by == "provider" else name or ""
