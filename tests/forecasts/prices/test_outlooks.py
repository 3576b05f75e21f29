"""Each outlook against what can be said of it by hand, in whole budgets."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import LARGE, SMALL, a_plan, a_price, a_workload, answer, known_prices, law, to_model
from tests.forecasts.generated import HUNDREDTHS, plans, ranges

# Half a billion output tokens a month at 2.00 a million: a thousand a month.
MONTHS = ["2027-01", "2027-02", "2027-03"]


def monthly(outlook: dict[str, Any], figure: str = "mean", **fields: Any) -> list[Decimal]:
    document = answer(a_plan(outlooks=[outlook], **fields))
    return [Decimal(month["effective"][figure]) for month in document["monthly"]]


def budget(document: dict[str, Any], *outlooks: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer(document | {"outlooks": list(outlooks)})
    return {name: found[name] for name in ("total", "annual", "monthly", "workloads", "providers", "cost_centers")}


def test_a_haircut_takes_a_quarter_off_from_its_day_on() -> None:
    assert monthly({"outlook": "planning_haircut", "from": "2027-02-01"}) == [1000, 750, 750]
    # Of January's 31 days the last 10 are at three quarters.
    from_the_22nd = monthly({"outlook": "planning_haircut", "from": "2027-01-22", "size": 0.31})
    assert from_the_22nd == [900, 690, 690]


def test_a_haircut_without_a_day_begins_with_the_month_after_the_plans_own() -> None:
    assert monthly({"outlook": "planning_haircut"}, as_of="2027-01-10") == [1000, 750, 750]


def test_an_exponential_decay_is_its_own_integral_month_by_month() -> None:
    """From the horizon's start, `(1 - d)**t` averaged over a month between `a` and `b` years."""
    edges = np.array(
        [(datetime(2027, month, 1, tzinfo=UTC) - datetime(2027, 1, 1, tzinfo=UTC)).days for month in (1, 2, 3, 4)]
    )
    years = edges / 365.25
    force = -np.log(1 - 0.36)
    expected = 1000 * (np.exp(-force * years[:-1]) - np.exp(-force * years[1:])) / (force * np.diff(years))
    found = monthly({"outlook": "exponential", "window": ["2027-01-01", None], "decay_per_year": 0.36})
    # Running totals are rounded, so that a month may be a cent off its own rounding.
    np.testing.assert_allclose([float(month) for month in found], expected, rtol=0, atol=0.01)


def test_a_decay_ends_with_its_window_and_one_of_nothing_is_hold() -> None:
    ended = monthly({"outlook": "exponential", "window": ["2026-02-01", "2027-01-01"], "decay_per_year": 0.36})
    # February to December are 334 days.
    assert ended == [round(Decimal(1000 * 0.64 ** (334 / 365.25)), 2)] * 3
    assert monthly({"outlook": "exponential", "decay_per_year": 0}) == [1000] * 3


@pytest.mark.parametrize(("passed_on", "expected"), [(1.0, 600), (0.5, 800), (0.0, 1000)])
def test_a_pass_through_of_a_forty_percent_cut_takes_twenty_to_forty_percent_off(
    passed_on: float, expected: int
) -> None:
    """A speedup of 5/3 lowers the cost of a unit by 1 - 3/5."""
    outlook = {"outlook": "pass_through", "window": ["2026-01-01", "2026-02-01"], "speedup": 5 / 3}
    assert monthly(outlook | {"pass_through_fraction": passed_on}) == [expected] * 3


def test_a_pass_through_happens_when_the_projected_cut_of_the_same_window_would() -> None:
    window = {"window": ["2026-12-01", "2027-12-01"], "probability": 0.6}
    as_cut = budget(a_plan(), {"outlook": "projected_cut", "size": 0.2} | window)
    passed = {"outlook": "pass_through", "speedup": 1.25, "pass_through_fraction": 1.0}
    assert budget(a_plan(), passed | window) == as_cut


def test_a_successor_bills_all_meters_at_its_own_rates_from_its_day_on() -> None:
    moved = {"provider": "north", "outlook": "successor", "to_model": SMALL, "from": "2027-02-15"}
    document = a_plan(a_workload(input_tokens_per_request=1000), outlooks=[moved])
    before, after = 1000 * Decimal("0.50") + 1000, 1000 * Decimal("0.10") + 500 * Decimal("0.37")
    costs = [Decimal(month["effective"]["mean"]) for month in answer(document)["monthly"]]
    assert costs == [before, (before + after) / 2, after]


def test_a_migration_is_one_draw_for_all_who_use_the_model() -> None:
    moved = {"outlook": "successor", "to_model": SMALL, "from": "2027-01-01", "probability": 0.4}
    document = a_plan(a_workload("one"), a_workload("other"), outlooks=[moved], draws=4096)
    month = answer(document)["monthly"][0]["effective"]
    # Both stay or both go: 2,000 or 370, and with 4,096 draws the mean is within four standard errors.
    assert {month["p10"], month["p50"], month["p90"]} == {"370.00", "2000.00"}
    assert abs(float(month["mean"]) - (0.4 * 370 + 0.6 * 2000)) < 4 * 1630 * np.sqrt(0.24 / 4096)


@law
@given(plans(with_fleet=False), ranges(0, 900))
def test_outlooks_without_effect_are_hold(document: dict[str, Any], size: dict[str, float]) -> None:
    held = budget(document, {"outlook": "hold"})
    assert budget(document, {"outlook": "scheduled"}) == held
    assert budget(document, {"outlook": "planning_haircut", "from": "2029-01-01", "size": size}) == held
    assert budget(document, {"outlook": "pass_through", "speedup": 1.0}) == held
    assert budget(document, {"outlook": "history", "window": ["2029-01-01", None]}) == held
    never = {"outlook": "successor", "to_model": SMALL, "from": "2027-01-01", "probability": 0}
    assert budget(document, never) == held


@law
@given(plans(with_fleet=False), HUNDREDTHS)
def test_an_outlook_for_another_provider_changes_no_draw(document: dict[str, Any], probability: float) -> None:
    cut = {"outlook": "projected_cut", "window": ["2026-12-01", "2027-12-01"], "probability": probability}
    elsewhere = [
        {"provider": "west", "outlook": "history"},
        {"provider": "west", "outlook": "exponential", "decay_per_year": {"low": 0, "mode": 0.1, "high": 0.5}},
    ]
    assert budget(document, *elsewhere, cut) == budget(document, cut)


@law
@given(plans(with_fleet=False), st.sampled_from(["history", "planning_haircut", "projected_cut"]))
def test_a_price_twice_as_high_costs_twice_as_much_under_every_outlook(document: dict[str, Any], name: str) -> None:
    dearer = [price | {"rate": str(2 * Decimal(price["rate"]))} for price in document["prices"]]
    one = budget(document, {"outlook": name})["total"]["effective"]
    other = budget(document | {"prices": dearer}, {"outlook": name})["total"]["effective"]
    for figure in one:
        assert float(other[figure]) == pytest.approx(2 * float(one[figure]), abs=0.02 * (1 + 14 * 6))


def test_the_first_outlook_that_covers_a_route_decides_by_provider_model_and_tier() -> None:
    batch = a_price(LARGE, "output", "1.00", service_tier="batch")
    outlooks = [
        {"service_tier": "batch", "outlook": "planning_haircut", "size": 0.5},
        {"provider": "s*", "outlook": "hold"},
        {"model": "large", "outlook": "planning_haircut", "size": 0.1},
    ]
    to = [to_model(LARGE, 0.5), to_model(LARGE, 0.25) | {"service_tier": "batch"}, to_model(SMALL, 0.25)]
    document = a_plan(a_workload(to=to), prices=[*known_prices(), batch], outlooks=outlooks)
    january = Decimal(answer(document)["monthly"][0]["effective"]["mean"])
    assert january == 250 * 2 * Decimal("0.9") + 125 * 1 * Decimal("0.5") + 125 * Decimal("0.37")


def test_dated_steps_happen_under_every_outlook_unless_they_are_switched_off() -> None:
    """A rise to 3.00 is dated for February, and the promotion of today ends with it."""
    prices = [
        a_price(rate="2.00", effective_to="2027-02-01T00:00:00Z", status="promotional"),
        a_price(rate="3.00", effective_from="2027-02-01T00:00:00Z", recorded_at="2026-11-01T00:00:00Z"),
    ]
    for name in ("hold", "projected_cut", "planning_haircut", "history"):
        after = {"window": ["2028-01-01", "2028-02-01"]} if name in {"projected_cut", "history"} else {}
        after |= {"from": "2028-01-01"} if name == "planning_haircut" else {}
        assert monthly({"outlook": name} | after, prices=prices) == [1000, 1500, 1500]
        assert monthly({"outlook": name, "scheduled_steps": False} | after, prices=prices) == [1000] * 3


def test_a_model_that_is_not_on_sale_yet_keeps_its_dated_price_with_steps_off() -> None:
    launch = a_price("north/next", rate="4.00", effective_from="2027-01-01T00:00:00Z")
    document = a_plan(
        a_workload(to=[to_model("north/next")]),
        prices=[launch],
        outlooks=[{"outlook": "hold", "scheduled_steps": False}],
    )
    assert answer(document)["total"]["effective"]["mean"] == "6000.00"
