"""The tables of a forecast's months add up and open to the lines that they are the sums of."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.schemas.forecast.months import ForecastMonthsOut, GroupBy, GroupMonthsOut, OtherMonthsOut, SeriesOut
from service.web.views.forecast.months import group_table, month_rows


def _year(year: int, months: int, expected: str, amount: str) -> dict[str, Any]:
    return {"fiscal_year": year, "months": months, "budget": {"expected": expected, "amount": amount}}


def _document(*years: dict[str, Any], means: list[str]) -> dict[str, Any]:
    return {
        "total": {"budget": {"basis": "billed"}},
        "annual": list(years),
        "monthly": [
            {"month": f"2027-{place:02d}", "billed": {"mean": mean, "p10": "0", "p90": "9"}, "effective": {}}
            for place, mean in enumerate(means, 1)
        ],
    }


def test_the_budget_of_a_year_is_spread_as_its_expected_cost_is() -> None:
    rows = month_rows(_document(_year(2026, 1, "10", "15"), _year(2027, 2, "40", "50"), means=["10", "10", "30"]), {})
    assert [row.budget for row in rows] == [Decimal(15), Decimal("12.5"), Decimal("37.5")]


def test_the_budget_of_a_year_that_costs_nothing_is_spread_evenly() -> None:
    rows = month_rows(_document(_year(2027, 2, "0", "5"), means=["0", "0"]), {})
    assert [row.budget for row in rows] == [Decimal("2.5")] * 2


def test_a_month_is_actual_where_it_is_recorded() -> None:
    rows = month_rows(_document(_year(2027, 2, "2", "2"), means=["1", "1"]), {"2027-01": True, "2027-02": False})
    assert [row.actual for row in rows] == [True, False]


def _found(by: GroupBy, *names: str | None, others: bool = False) -> ForecastMonthsOut:
    amounts = [Decimal("1.25"), Decimal("2.50")]
    groups = [GroupMonthsOut(name=name, billed=amounts, effective=[one * 2 for one in amounts]) for name in names]
    count = len(names) + others
    return ForecastMonthsOut(
        forecast_id=UUID(int=1),
        by=by,
        currency="USD",
        months=["2027-01", "2027-02"],
        actual=[True, False],
        actual_until="2027-01",
        groups=groups,
        others=OtherMonthsOut(count=3, billed=amounts, effective=[one * 2 for one in amounts]) if others else None,
        total=SeriesOut(billed=[one * count for one in amounts], effective=[one * 2 * count for one in amounts]),
    )


def test_rows_with_the_others_add_to_the_total_of_the_chosen_basis() -> None:
    table = group_table(_found("workload", "chat", None, others=True), "effective")
    for place in range(2):
        assert sum(row.amounts[place] for row in table.rows) == table.total.amounts[place]
    assert sum(row.total for row in table.rows) == table.total.total == Decimal("22.50")
    assert table.months == [("2027-01", True), ("2027-02", False)]


@pytest.mark.parametrize(
    ("by", "name", "chosen_by"),
    [("workload", "chat", "chat"), ("workload", None, ""), ("kind", "one_off", "one_off"), ("provider", "acme", None)],
)
def test_a_group_opens_to_its_lines_unless_no_column_of_a_line_says_so(
    by: GroupBy, name: str | None, chosen_by: str | None
) -> None:
    [row] = group_table(_found(by, name), "billed").rows
    assert row.chosen_by == chosen_by


def test_what_is_summed_up_opens_to_nothing() -> None:
    table = group_table(_found("workload", others=True), "billed")
    assert [(row.words, row.chosen_by) for row in table.rows] == [("3 other workloads", None)]
    assert table.total.chosen_by is None
