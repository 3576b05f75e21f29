"""The months of a forecast as tables: their totals with the range, and the costliest groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from service.charts.chart import Grouping
from service.schemas.forecast.months import ForecastMonthsOut
from service.wording.groups import group_name, other_groups

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)


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
        _row(group_name(group.name, found.by), getattr(group, basis), _chosen_by(group.name, found.by))
        for group in found.groups
    ]
    if found.others is not None:
        rows.append(_row(other_groups(found.others.count, found.by), getattr(found.others, basis)))
    return GroupTable(
        months=list(zip(found.months, found.actual, strict=True)),
        rows=tuple(rows),
        total=_row("Total", getattr(found.total, basis)),
    )


def _row(words: str, amounts: Sequence[Decimal], chosen_by: str | None = None) -> GroupRow:
    return GroupRow(words=words, chosen_by=chosen_by, total=sum(amounts, Decimal(0)), amounts=amounts)


def _chosen_by(name: str | None, by: str) -> str | None:
    """An empty parameter asks for lines that have none. A provider is no column of a line."""
    return None if by == "provider" else name or ""
