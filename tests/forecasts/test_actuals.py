"""Recorded months stand in the place of forecast ones, to the cent and on every path, and change no month ahead."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts import Budget
from tests.forecasts.estates import (
    LARGE,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    answer,
    budget_of,
    headline,
    law,
    money,
    pointers,
    to_fleet,
)

CUT = {
    "outlook": "projected_cut",
    "window": ["2027-01-01", "2027-04-01"],
    "size": {"low": 0.2, "mode": 0.25, "high": 0.4},
}


def recorded(month: str = "2027-01", billed: str = "123.45", **fields: Any) -> dict[str, Any]:
    return {
        "month": month,
        "workload": "chat",
        "route": LARGE,
        "meter": "output",
        "quantity": "2000000",
        "billed": billed,
        "currency": "USD",
    } | fields


def estate(*actuals: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Four months, of which the first two have ended: an uncertain API workload and one on a fleet that is bought."""
    owned = {
        "kind": "owned",
        "purchase_price_per_node": "36000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
        "power_kw_per_node": 10.2,
        "electricity_per_kwh": "0.11",
    }
    plan = a_plan(
        a_workload(noise_fraction=0.3),
        a_workload("own", to=[to_fleet()], noise_fraction=0.3),
        fleets=[a_fleet(cost=owned, overflow_to={"model": LARGE}, decoder=headline(1.5))],
        horizon={"first_month": "2027-01", "months": 4},
        outlooks=[CUT],
        as_of="2027-03-01",
    )
    return plan | {"actuals": list(actuals)} | fields


def cells(budget: Budget, kind: str | None = None) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Effective cost by month of the lines of a kind, or of all but the recorded ones."""
    own = [
        place
        for place, series in enumerate(budget.lines.series)
        if (series.kind == kind if kind else series.kind != "actual")
    ]
    return budget.lines.effective[own].sum(axis=0)


def test_a_recorded_month_costs_what_was_recorded_and_is_certain() -> None:
    fleet = recorded(billed="40.00", effective="1000.01", workload="own", route="fleet:pool", meter="used")
    months = answer(estate(recorded(), fleet))["monthly"]
    assert months[0]["effective"] == dict.fromkeys(("mean", "p10", "p50", "p90"), "1123.46")
    assert months[0]["billed"] == dict.fromkeys(("mean", "p10", "p50", "p90"), "163.45")


def test_nothing_is_forecast_for_a_recorded_month() -> None:
    budget = budget_of(estate(recorded("2027-02")))
    assert [bool(cell) for cell in cells(budget)] == [True, False, True, True]
    assert cells(budget, "actual").tolist() == [0, 12345, 0, 0]
    for series in budget.lines.series:
        if series.kind != "actual":
            assert series.quantity[1] == series.billed[1] == 0.0


def test_months_ahead_are_forecast_as_before() -> None:
    with_actuals, without = answer(estate(recorded(), recorded("2027-02"))), answer(estate())
    for one, other in zip(with_actuals["monthly"][2:], without["monthly"][2:], strict=True):
        for level in ("p10", "p50", "p90"):
            assert one["effective"][level] == other["effective"][level]
    # Rounding by running totals may move a hundredth between the months of each line.
    one, other = (
        sum(money(month["effective"]["mean"]) for month in of["monthly"][2:]) for of in (with_actuals, without)
    )
    assert abs(one - other) <= Decimal("0.10")


def test_when_every_month_is_recorded_no_outlook_and_no_path_differs() -> None:
    plan = estate(*(recorded(f"2027-{month:02d}") for month in range(1, 5)), as_of="2027-05-01")
    found = answer(plan)
    assert found["total"]["effective"] == dict.fromkeys(("mean", "p10", "p50", "p90"), "493.80")
    assert {one["name"]: one["total"]["p90"] for one in found["outlooks"]} == dict.fromkeys(
        ("projected_cut", "hold", "history"), "493.80"
    )
    assert found["total"]["budget"]["contingency"] == "0.00"


@law
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["2027-01", "2027-02"]),
            st.sampled_from([("chat", LARGE), ("own", "fleet:pool"), (None, "fleet:pool"), ("gone", LARGE)]),
            st.decimals(-1000, 1_000_000, places=4),
            st.decimals(-1000, 1_000_000, places=4),
        ),
        max_size=6,
        unique_by=lambda row: row[:2],
    )
)
def test_lines_add_to_every_total_whatever_was_recorded(
    rows: list[tuple[str, tuple[str | None, str], Any, Any]],
) -> None:
    actuals = [
        recorded(month, str(billed), workload=name, route=route, effective=str(effective))
        for month, (name, route), billed, effective in rows
    ]
    budget = budget_of(estate(*actuals))
    for by_line, total in ((budget.lines.effective, "effective"), (budget.lines.billed, "billed")):
        assert [getattr(month, total).mean for month in budget.months] == by_line.sum(axis=0).tolist()
        assert getattr(budget.total, total).mean == by_line.sum()
        assert sum(getattr(year.period, total).mean for year in budget.fiscal_years) == by_line.sum()
        assert sum(getattr(group, total).mean for group in budget.cost_centers) == by_line.sum()
    exact = sum((Decimal(str(effective)) for *_, effective in rows), Decimal(0))
    # Each line is rounded once over its months, halves away from zero.
    assert abs(Decimal(int(cells(budget, "actual").sum())) / 100 - exact) <= Decimal("0.005") * len(rows)


def test_another_currency_counts_at_the_plan_s_rate() -> None:
    rates = [{"currency": "EUR", "per": "USD", "rate": "0.80", "from": "2026-01-01"}]
    plan = estate(recorded(billed="80.00", currency="EUR"), exchange_rates=rates)
    assert answer(plan)["monthly"][0]["effective"]["mean"] == "100.00"


def test_who_answers_for_a_recorded_cost_is_who_answers_for_what_caused_it() -> None:
    idle = recorded(workload=None, route="fleet:pool", meter="idle")
    series = [one for one in budget_of(estate(recorded(), idle)).lines.series if one.kind == "actual"]
    assert {(one.workload, one.cost_center, one.provider, one.fleet) for one in series} == {
        ("chat", "4100", "north", None),
        (None, "4200", None, "pool"),
    }


def test_a_workload_without_a_record_of_a_recorded_month_is_pointed_out() -> None:
    found = [one for one in answer(estate(recorded()))["warnings"] if one["type"] == "no_recorded_usage"]
    assert [one["pointer"] for one in found] == ["/workloads/1"]
    assert "2027-01" in found[0]["detail"]


def test_a_recorded_month_needs_no_price() -> None:
    later = [a_price(meter=meter, effective_from="2027-02-01T00:00:00Z") for meter in ("input", "output")]
    plan = a_plan(prices=later, as_of="2027-02-01")
    assert pointers(plan) == ["/workloads/0/routes/0/to/0/model"]
    months = answer(plan | {"actuals": [recorded()]})["monthly"]
    # 500 million tokens at 2.00 a million.
    assert [month["effective"]["mean"] for month in months] == ["123.45", "1000.00", "1000.00"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"month": "2027-03"}, "/actuals/0/month"),
        ({"month": "2026-12"}, "/actuals/0/month"),
        ({"month": "2027-1"}, "/actuals/0/month"),
        ({"currency": "EUR"}, "/actuals/0/currency"),
        ({"route": "north"}, "/actuals/0/route"),
        ({"meter": "steam"}, "/actuals/0/meter"),
        ({"quantity": "-1"}, "/actuals/0/quantity"),
        ({"billed": "1e15"}, "/actuals/0/billed"),
        ({"effective": "NaN"}, "/actuals/0/effective"),
    ],
)
def test_what_cannot_have_been_recorded_is_refused(fields: dict[str, Any], pointer: str) -> None:
    assert pointers(estate(recorded(**fields))) == [pointer]
