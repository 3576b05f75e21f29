"""Rows gathered into fiscal years: what the wide budget loads are made of."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from service.exports.budget_rows import budget_rows
from service.exports.fiscal import fiscal_month, fiscal_year
from service.exports.source import Choices, ExportSource


class YearKey(NamedTuple):
    account: str
    cost_center: str
    project: str
    fiscal_year: int


@dataclass
class Year:
    """`amounts` by month of the fiscal year, the first one first; their sum is the year's."""

    key: YearKey
    amounts: list[Decimal] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


def years_of(source: ExportSource, choices: Choices, *, by_project: bool = True) -> list[Year]:
    """Every account, cost centre, project and fiscal year, in the order of their codes; only these sums are held."""
    starts_in = choices.profile.fiscal_year_start_month or source.fiscal_year_start_month
    nothing = Decimal(0).quantize(source.cent)
    places = {month: (fiscal_year(month, starts_in), fiscal_month(month, starts_in) - 1) for month in source.months}
    gathered: dict[YearKey, Year] = {}
    for rows in budget_rows(source, choices):
        for row in rows:
            year, place = places[row.month]
            key = YearKey(row.account, row.cost_center, row.project if by_project else "", year)
            found = gathered.get(key)
            if found is None:
                found = gathered[key] = Year(key, [nothing] * 12)
            found.amounts[place] += row.amount
    return [gathered[key] for key in sorted(gathered)]
