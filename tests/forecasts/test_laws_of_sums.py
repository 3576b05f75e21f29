"""Laws of the budget: everything that is said to add up adds up to the cent, and quantiles are of joint sums."""

from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecasts import Budget
from forecasts.demand import request_paths
from forecasts.draws import Draws
from tests.forecasts.estates import (
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    answer,
    budget_of,
    law,
    money,
    read,
    to_fleet,
)
from tests.forecasts.generated import plans


def cells(budget: Budget, basis: str) -> list[list[int]]:
    cells: list[list[int]] = getattr(budget.lines, basis).tolist()
    return cells


@law
@given(plans())
def test_lines_add_to_months_fiscal_years_and_the_total_to_the_cent(document: dict[str, Any]) -> None:
    budget = budget_of(document)
    for basis in ("effective", "billed"):
        by_month = [sum(column) for column in zip(*cells(budget, basis), strict=True)]
        assert by_month == [getattr(month, basis).mean for month in budget.months]
        assert sum(by_month) == getattr(budget.total, basis).mean
        assert sum(by_month) == sum(getattr(year.period, basis).mean for year in budget.fiscal_years)
    assert sum(year.months for year in budget.fiscal_years) == document["horizon"]["months"]


@law
@given(plans())
def test_workloads_and_what_belongs_to_none_add_to_the_total(document: dict[str, Any]) -> None:
    budget = budget_of(document)
    for basis in ("effective", "billed"):
        unallocated = sum(
            sum(row)
            for row, series in zip(cells(budget, basis), budget.lines.series, strict=True)
            if series.workload is None
        )
        assert unallocated + sum(getattr(group, basis).mean for group in budget.workloads) == (
            getattr(budget.total, basis).mean
        )


@law
@given(plans())
def test_cost_centres_add_to_the_total_and_so_do_providers_with_fleets(document: dict[str, Any]) -> None:
    budget = budget_of(document)
    for basis in ("effective", "billed"):
        total = getattr(budget.total, basis).mean
        assert sum(getattr(group, basis).mean for group in budget.cost_centers) == total
        assert sum(getattr(group, basis).mean for group in (*budget.providers, *budget.fleet_costs)) == total


@law
@given(plans())
def test_every_line_stays_within_half_a_cent_of_its_amounts_at_every_month(document: dict[str, Any]) -> None:
    """Rounding running totals: no prefix of a line that is no part of a schedule drifts away from its amount."""
    budget = budget_of(document)
    for row, series in zip(cells(budget, "effective"), budget.lines.series, strict=True):
        if series.fleet is None:
            drift = np.cumsum(row) / 100 - np.cumsum(series.effective)
            assert np.abs(drift).max() <= 0.005 + 1e-6


@law
@given(plans())
def test_quantiles_are_ordered_wherever_a_distribution_is_given(document: dict[str, Any]) -> None:
    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "p10" in node:
                assert Decimal(node["p10"]) <= Decimal(node["p50"]) <= Decimal(node["p90"])
            for child in node.values():
                check(child)
        elif isinstance(node, list):
            for child in node:
                check(child)

    check(answer(document))


@law
@given(plans())
def test_the_contingency_is_what_the_amount_has_over_the_expected_cost(document: dict[str, Any]) -> None:
    forecast = answer(document)
    for period in (forecast["total"], *forecast["annual"]):
        budget = period["budget"]
        assert money(budget["amount"]) - money(budget["expected"]) == money(budget["contingency"])
        assert budget["expected"] == period[document["budget_basis"]]["mean"]


@law
@given(plans(), st.lists(st.sampled_from([0.05, 0.3, 0.5, 0.8, 0.81, 0.99]), min_size=2, max_size=2))
def test_a_higher_confidence_never_lowers_the_budget(document: dict[str, Any], levels: list[float]) -> None:
    lower, higher = (budget_of(document | {"confidence": level}).total.budget.amount for level in sorted(levels))
    assert lower <= higher


def noisy(**fields: Any) -> dict[str, Any]:
    """500 million output tokens a month at 2.00 per million, so 1,000 a month, with noise free from month to month."""
    workload = a_workload(noise_fraction=0.4, noise_autocorrelation=0)
    return a_plan(workload, horizon={"first_month": "2027-01", "months": 12}, draws=256, **fields)


def test_annual_quantiles_are_of_annual_sums_and_never_sums_of_monthly_ones() -> None:
    plan = read(noisy())
    requests = request_paths(plan.workloads[0], plan.timeline, Draws(seed=7, count=256), plan.correlations)
    of_sums = np.quantile((requests * 500 * 2.00 / 1e6).sum(axis=0), [0.1, 0.5, 0.9])

    forecast = answer(noisy())
    annual = forecast["annual"][0]["effective"]

    for name, expected in zip(("p10", "p50", "p90"), of_sums, strict=True):
        assert abs(float(annual[name]) - expected) <= 0.005 + 1e-6
    assert sum(float(month["effective"]["p90"]) for month in forecast["monthly"]) > 1.1 * float(annual["p90"])
    assert sum(float(month["effective"]["p10"]) for month in forecast["monthly"]) < 0.9 * float(annual["p10"])


def test_the_quantiles_of_a_fiscal_year_are_of_its_own_months() -> None:
    plan = read(noisy())
    requests = request_paths(plan.workloads[0], plan.timeline, Draws(seed=7, count=256), plan.correlations)
    cost = requests * 500 * 2.00 / 1e6

    years = answer(noisy(fiscal_year_start_month=4))["annual"]

    assert [(year["fiscal_year"], year["months"]) for year in years] == [(2027, 3), (2028, 9)]
    for year, own in zip(years, (cost[:3], cost[3:]), strict=True):
        assert abs(float(year["effective"]["p90"]) - np.quantile(own.sum(axis=0), 0.9)) <= 0.005 + 1e-6


def test_the_budget_is_the_quantile_at_its_confidence() -> None:
    plan = read(noisy())
    requests = request_paths(plan.workloads[0], plan.timeline, Draws(seed=7, count=256), plan.correlations)
    expected = np.quantile((requests * 500 * 2.00 / 1e6).sum(axis=0), 0.95)

    budget = answer(noisy(confidence=0.95))["total"]["budget"]

    assert (budget["basis"], budget["confidence"]) == ("effective", 0.95)
    assert abs(float(budget["amount"]) - expected) <= 0.005 + 1e-6


def test_a_yen_has_no_minor_unit() -> None:
    """500 million tokens at 3.333 yen per million are 1,666.5 yen: 1,667, then 3,333 in all, then 5,000 (4,999.5)."""
    document = a_plan(currency="JPY", prices=[a_price(rate="3.333", currency="JPY")])
    forecast = answer(document)
    assert [month["effective"]["mean"] for month in forecast["monthly"]] == ["1667", "1666", "1667"]
    assert forecast["total"]["effective"]["mean"] == "5000"


def test_a_dinar_has_three_decimals() -> None:
    """500 million tokens at 0.0012345 a million are 0.61725 a month: 0.617, 1.2345 in all, 1.85175 in all."""
    document = a_plan(currency="KWD", prices=[a_price(rate="0.0012345", currency="KWD")])
    forecast = answer(document)
    assert [month["effective"]["mean"] for month in forecast["monthly"]] == ["0.617", "0.618", "0.617"]


def test_two_workloads_that_cause_a_cost_alike_are_charged_alike_in_either_order() -> None:
    """A cent a month: the odd cent of its two halves must not go to whoever is named first."""
    workloads = [a_workload(name, to=[to_fleet()], requests_per_month=10_000_000) for name in ("one", "other")]
    fleet = a_fleet(
        throughput={"output_tokens_per_second": 10_000_000 * 1000 / (720 * 3600)},
        cost={"kind": "rented", "rate_per_node_hour": str(Decimal("0.01") / 720)},
    )

    def charged(*workloads: dict[str, Any]) -> dict[str, str]:
        forecast = answer(a_plan(*workloads, fleets=[fleet]))
        assert forecast["total"]["effective"]["mean"] == "0.03"
        return {group["name"]: group["effective"]["mean"] for group in forecast["workloads"]}

    assert charged(*workloads) == charged(*reversed(workloads))
