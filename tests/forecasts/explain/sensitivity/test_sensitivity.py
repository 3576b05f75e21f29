"""Sensitivity: each driver alone, against distributions that can be written down."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import beta, norm

from forecasts.draws import Draws
from forecasts.explain.sensitivity.drivers import Driver, driver_of
from forecasts.explain.sensitivity.sensitivity import MOST_WORKLOADS, sensitivity
from forecasts.explain.sensitivity.totals import horizon_totals
from tests.forecasts.estates import (
    SMALL,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    budget_of,
    headline,
    law,
    read,
    to_fleet,
)
from tests.forecasts.generated import plans

ALONE = {"growth": 0.0, "noise": 0.0}
PROVIDERS = {"low": 1.2, "mode": 1.5, "high": 2.0}
ONE_MONTH = {"first_month": "2027-01", "months": 1}


def effects(document: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {(one.driver.kind, one.driver.name): one for one in sensitivity(read(document)).effects}


def test_a_driver_alone_moves_the_total_as_its_distribution_says() -> None:
    """A month after the base month, 1,000.00 grow by a PERT of 0, 10 and 40 %: a beta of 1 + 4/4 and 1 + 12/4."""
    growing = a_workload(base_month="2026-12", monthly_growth={"low": 0.0, "mode": 0.1, "high": 0.4})
    found = effects(a_plan(growing, horizon=ONE_MONTH, correlations=ALONE))
    one = found[("growth", "chat")]
    for level, amount in ((0.1, one.low), (0.9, one.high)):
        expected = 1000 * (1 + 0.4 * beta.ppf(level, 2.0, 4.0))
        assert amount / 100 == pytest.approx(expected, rel=2e-3)
    assert list(found) == [("growth", "chat")]
    assert one.share_of_variance == pytest.approx(1.0, abs=0.02)


def test_independent_drivers_share_the_variance_by_their_squares() -> None:
    """Two workloads of noise alike, the one twice the other: variances of 1 and 4."""
    plan = a_plan(
        a_workload("one", noise_fraction=0.2),
        a_workload("two", noise_fraction=0.2, requests_per_month=2e6),
        horizon=ONE_MONTH,
        correlations=ALONE,
    )
    found = effects(plan)
    assert found[("noise", "one")].share_of_variance == pytest.approx(0.2, abs=0.03)
    assert found[("noise", "two")].share_of_variance == pytest.approx(0.8, abs=0.06)


def test_what_workloads_have_in_common_is_a_driver_of_its_own() -> None:
    """At a correlation of 0.5 a single workload's noise is half its own and half everybody's."""
    found = effects(a_plan(a_workload(noise_fraction=0.1), horizon=ONE_MONTH, correlations={"growth": 0, "noise": 0.5}))
    own, common = found[("noise", "chat")], found[("noise", "all workloads")]
    assert own.share_of_variance == pytest.approx(common.share_of_variance, rel=0.05)
    middle = 1000 * math.exp(-(0.1**2) / 2)
    for level, amount in ((0.1, own.low), (0.9, own.high)):
        assert amount / 100 == pytest.approx(middle * math.exp(0.1 * math.sqrt(0.5) * norm.ppf(level)), rel=2e-3)


def test_a_certain_plan_has_no_drivers() -> None:
    found = sensitivity(read(a_plan()))
    assert found.effects == ()
    assert found.central == 300_000


def test_a_price_cut_moves_the_total_by_when_it_comes_and_how_deep_it_is() -> None:
    cut = {"outlook": "projected_cut", "window": ["2027-01-01", "2027-04-01"]}
    found = effects(a_plan(outlooks=[cut]))
    assert list(found) == [("price", "north")]
    assert found[("price", "north")].high < 300_000


def test_a_decoder_moves_a_fleet_that_follows_its_hours() -> None:
    busy = a_workload(to=[to_fleet()], requests_per_month=1.8e10, output_tokens_per_request=1)
    hourly = a_fleet(scaling={"policy": "hourly"}, decoder=headline(1.0, 1.5, 2.0))
    assert ("decoder", "headline") in effects(a_plan(busy, fleets=[hourly]))


@pytest.mark.parametrize(
    ("outlook", "driver"),
    [
        ({"outlook": "projected_cut", "window": ["2027-01-01", "2027-03-01"], "probability": 0.5}, "price"),
        ({"outlook": "planning_haircut", "from": "2027-02-01", "size": {"low": 0, "mode": 0.2, "high": 0.3}}, "price"),
        ({"outlook": "history"}, "price"),
        ({"outlook": "exponential", "decay_per_year": {"low": 0, "mode": 0.3, "high": 0.6}}, "price"),
        (
            {
                "outlook": "pass_through",
                "speedup": {"low": 1.2, "mode": 1.5, "high": 2},
                "window": ["2027-01-01", "2027-03-01"],
            },
            "price",
        ),
        ({"outlook": "successor", "to_model": SMALL, "from": "2027-02-01", "probability": 0.5}, "migration"),
    ],
)
def test_every_outlook_that_is_uncertain_has_a_driver(outlook: dict[str, Any], driver: str) -> None:
    prices = [a_price(), a_price(SMALL, rate="0.37")]
    document = a_plan(outlooks=[outlook], prices=prices, horizon={"first_month": "2027-01", "months": 24})
    assert {kind for kind, _ in effects(document)} == {driver}


def test_of_a_large_portfolio_the_costliest_workloads_stand_alone() -> None:
    count = MOST_WORKLOADS + 3
    workloads = [
        a_workload(f"w{number}", requests_per_month=1e6 * (number + 1), noise_fraction=0.1) for number in range(count)
    ]
    names = {one.driver.name for one in sensitivity(read(a_plan(*workloads))).effects}
    assert {"w0", "w1", "w2"} & names == set()
    assert {"w3", f"w{count - 1}", "other workloads", "all workloads"} <= names


def test_a_factor_without_a_kind_is_a_driver_under_its_own_name() -> None:
    assert driver_of("weather:north") == Driver(kind="other", name="weather:north")
    assert driver_of("demand growth") == Driver(kind="growth", name="all workloads")


@given(document=plans())
@law
def test_totals_on_the_plans_own_draws_are_those_of_its_forecast(document: dict[str, Any]) -> None:
    plan = read(document)
    totals, _ = horizon_totals(plan, Draws(seed=plan.seed, count=plan.draws))
    period = budget_of(document).total
    stated = period.effective if plan.budget_basis == "effective" else period.billed
    for level, amount in ((0.1, stated.p10), (0.5, stated.p50), (0.9, stated.p90)):
        assert abs(np.quantile(totals, level) * 100 - amount) <= 0.5 + 1e-6 * abs(amount)


@given(document=plans())
@law
def test_effects_are_ordered_ranges_and_the_same_every_time(document: dict[str, Any]) -> None:
    plan = read(document)
    found = sensitivity(plan)
    assert found == sensitivity(plan)
    widths = [one.high - one.low for one in found.effects]
    assert widths == sorted(widths, reverse=True)
    assert all(width >= 0 for width in widths)
    assert all(one.share_of_variance >= 0 for one in found.effects)
