"""Laws of common random numbers: two forecasts differ only where their inputs differ."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.timeline import FloatArray
from tests.forecasts.estates import (
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    answer,
    budget_of,
    document_bytes,
    headline,
    law,
    read,
    to_fleet,
)
from tests.forecasts.generated import demands, plans

UNCERTAIN: dict[str, Any] = {"monthly_growth": {"low": -0.05, "mode": 0.02, "high": 0.2}, "noise_fraction": 0.3}
CUT = [{"outlook": "projected_cut", "window": ["2026-12-01", "2027-12-01"], "probability": 0.7}]


def requests_of(document: dict[str, Any], name: str = "chat") -> FloatArray:
    """The sample paths of a workload's requests, shape `[months, draws]`."""
    plan = read(document)
    workload = next(workload for workload in plan.workloads if workload.name == name)
    return request_paths(workload, plan.timeline, Draws(seed=plan.seed, count=plan.draws), plan.correlations)


def by_name(groups: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {group["name"]: group for group in groups}


@law
@given(plans())
def test_the_same_plan_gives_the_same_bytes(document: dict[str, Any]) -> None:
    assert document_bytes(document) == document_bytes(document)


@law
@given(plans(with_fleet=False), st.randoms(use_true_random=False))
def test_any_order_of_workloads_gives_each_the_same_numbers(document: dict[str, Any], random: Any) -> None:
    shuffled = list(document["workloads"])
    random.shuffle(shuffled)
    assert by_name(answer(document | {"workloads": shuffled})["workloads"]) == by_name(answer(document)["workloads"])


@law
@given(plans(with_fleet=False))
def test_a_workload_costs_alone_what_it_costs_in_a_portfolio(document: dict[str, Any]) -> None:
    together = by_name(answer(document)["workloads"])
    for workload in document["workloads"]:
        alone = answer(document | {"workloads": [workload]})
        assert alone["workloads"] == [together[workload["name"]]]
        assert alone["total"]["effective"] == together[workload["name"]]["effective"]


@law
@given(demands(), demands())
def test_another_workload_changes_no_draw(demand: dict[str, Any], other: dict[str, Any]) -> None:
    alone = a_plan(a_workload(**demand))
    together = a_plan(a_workload("another", **other), a_workload(**demand), a_workload("third", **other))
    np.testing.assert_array_equal(requests_of(together), requests_of(alone))


@law
@given(demands(), st.integers(1, 12), st.integers(1, 6))
def test_longer_horizons_and_later_starts_keep_every_month_they_share(
    demand: dict[str, Any], months: int, later: int
) -> None:
    def horizon(first_month: int, months: int) -> FloatArray:
        first = f"2027-{first_month:02d}"
        return requests_of(a_plan(a_workload(**demand), horizon={"first_month": first, "months": months}))

    longest = horizon(1, months + later)
    # The same draws are summed by other matrix shapes, so that the last binary digit may differ.
    np.testing.assert_allclose(horizon(1, months), longest[:months], rtol=1e-12)
    np.testing.assert_allclose(horizon(1 + later, months), longest[later:], rtol=1e-12)


@pytest.mark.parametrize("share_in_common", [0, 0.3, 1])
def test_a_stated_correlation_leaves_every_workloads_own_distribution_as_it_is(share_in_common: float) -> None:
    correlations = {"growth": share_in_common, "noise": share_in_common}
    plan = a_plan(a_workload(**UNCERTAIN), a_workload("other", **UNCERTAIN), correlations=correlations, draws=4096)
    one, other = np.log(requests_of(plan)[0]), np.log(requests_of(plan, "other")[0])

    # Fisher's z has a standard error of 1/sqrt(n - 3), here 0.016; a correlation's own is no larger.
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(share_in_common, abs=4 * 0.016)
    assert one.std() == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(2 * 4096))


def test_one_more_factor_changes_no_other() -> None:
    """Noise, growth, a price cut and a decoder's speedup are drawn apart."""
    quiet = requests_of(a_plan(a_workload(monthly_growth=UNCERTAIN["monthly_growth"])))
    noise = requests_of(a_plan(a_workload(noise_fraction=0.3)))
    both = requests_of(a_plan(a_workload(**UNCERTAIN)))
    np.testing.assert_allclose(both, quiet * noise / 1e6, rtol=1e-12)

    decoded = a_fleet(decoder=headline(1.2, 1.5, 1.9))
    with_all = a_plan(
        a_workload(**UNCERTAIN), a_workload("own", to=[to_fleet()]), fleets=[decoded], outlooks=CUT, currency="USD"
    )
    np.testing.assert_array_equal(requests_of(with_all), both)


def test_another_seed_or_name_draws_other_numbers() -> None:
    paths = requests_of(a_plan(a_workload(**UNCERTAIN)))
    assert np.abs(np.corrcoef(paths[0], requests_of(a_plan(a_workload(**UNCERTAIN), seed=8))[0])[0, 1]) < 0.5
    renamed = a_plan(a_workload("renamed", **UNCERTAIN), correlations={"growth": 0, "noise": 0})
    assert np.abs(np.corrcoef(paths[0], requests_of(renamed, "renamed")[0])[0, 1]) < 0.5


def test_the_first_draws_of_more_are_the_draws_of_fewer() -> None:
    few = requests_of(a_plan(a_workload(**UNCERTAIN), draws=32))
    many = requests_of(a_plan(a_workload(**UNCERTAIN), draws=96))
    np.testing.assert_allclose(many[:, :32], few, rtol=1e-12)


def test_a_providers_cut_is_one_event_for_all_who_use_it() -> None:
    """Two workloads without any uncertainty of their own move together under one cut, and apart under none."""
    workloads = (a_workload("one"), a_workload("other", requests_per_month=3e6))
    one, other = answer(a_plan(*workloads, outlooks=CUT))["workloads"]
    for name in ("mean", "p10", "p50", "p90"):
        assert float(other["effective"][name]) == pytest.approx(3 * float(one["effective"][name]), abs=0.04)
    assert float(one["effective"]["p10"]) < float(one["effective"]["p90"])


@law
@given(plans())
def test_prices_recorded_after_the_date_of_knowledge_change_no_byte(document: dict[str, Any]) -> None:
    later = [
        a_price(rate="99", recorded_at="2026-11-24T00:00:00Z"),
        a_price(rate="98", effective_from="2027-02-01T00:00:00Z", recorded_at="2026-12-31T00:00:00Z"),
        a_price("north/unheard-of", rate="1", recorded_at="2027-01-01T00:00:00Z"),
    ]
    assert document_bytes(document | {"prices": document["prices"] + later}) == document_bytes(document)


def test_a_price_recorded_within_the_day_of_knowledge_is_seen() -> None:
    row = a_price(rate="3.00", effective_from="2027-01-01T00:00:00Z", recorded_at="2026-11-23T23:59:59Z")
    document = a_plan(a_workload())
    assert answer(document)["total"]["effective"]["mean"] == "3000.00"
    assert answer(document | {"prices": [*document["prices"], row]})["total"]["effective"]["mean"] == "4500.00"


def test_the_day_of_knowledge_is_part_of_the_plan() -> None:
    budget = budget_of(a_plan(a_workload(), as_of="2026-05-01"))
    assert read(a_plan(as_of="2026-05-01")).as_of == date(2026, 5, 1)
    assert budget.total.effective.mean == 300_000
