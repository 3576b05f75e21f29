"""Laws that every bridge keeps, whatever the two plans."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.explain.bridge import ownership
from forecasts.explain.bridge.rounding import rounded_parts
from forecasts.explain.bridge.shapley import shapley
from forecasts.fleet.costs import terms
from forecasts.fleet.fleet import Fleet
from forecasts.plan import Plan
from forecasts.workload import Demand, Workload
from tests.forecasts.estates import budget_of, law
from tests.forecasts.explain.bridge.walked import walked
from tests.forecasts.generated import plans


@given(before=plans(), after=plans())
@law
def test_the_parts_of_any_bridge_add_to_the_difference_of_two_forecasts_in_every_cell(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = walked(before, after)

    assert (sum(found.parts.values()) == found.after - found.before).all()
    for document, cells in ((before, found.before), (after, found.after)):
        budget = budget_of(document)
        offset = budget.timeline.first.index - found.first.index
        inside = cells[:, :, offset : offset + budget.timeline.months]
        assert inside.sum() == cells.sum()
        assert inside.sum(axis=1).tolist() == [
            [month.effective.mean for month in budget.months],
            [month.billed.mean for month in budget.months],
        ]
        for group in budget.workloads:
            own = [index for index, row in enumerate(found.rows) if row.workload == group.name]
            assert inside[:, own].sum(axis=(1, 2)).tolist() == [group.effective.mean, group.billed.mean]
        for group in budget.cost_centers:
            own = [index for index, row in enumerate(found.rows) if row.cost_center == group.name]
            assert inside[:, own].sum(axis=(1, 2)).tolist() == [group.effective.mean, group.billed.mean]


@given(before=plans(), after=plans())
@law
def test_a_bridge_read_the_other_way_has_every_sign_turned(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = walked(before, after), walked(after, before)
    assert there.rows == back.rows
    assert (there.before == back.after).all()
    for name, cells in there.parts.items():
        assert (cells == -back.parts[name]).all()


@given(plan=plans())
@law
def test_there_is_no_difference_between_a_plan_and_itself(plan: dict[str, Any]) -> None:
    found = walked(plan, plan)
    assert not any(cells.any() for cells in found.parts.values())


@given(plan=plans(with_fleet=False), times=st.integers(1, 300))
@law
def test_a_change_of_prices_alone_is_all_price(plan: dict[str, Any], times: int) -> None:
    dearer = [price | {"rate": str(Decimal(price["rate"]) * times / 100)} for price in plan["prices"]]
    found = walked(plan, plan | {"prices": dearer})
    assert (found.parts["price"] == found.after - found.before).all()
    assert not any(cells.any() for name, cells in found.parts.items() if name != "price")


@pytest.mark.parametrize(
    ("described", "owners"),
    [
        (Plan, ownership.PLAN_OWNERS),
        (Workload, ownership.WORKLOAD_OWNERS),
        (Demand, ownership.DEMAND_OWNERS),
        (Fleet, ownership.FLEET_OWNERS),
        (terms.RunningCosts, ownership.RUNNING_OWNERS),
        *((getattr(terms, name), owners) for name, owners in ownership.COST_OWNERS.items()),
    ],
)
def test_every_field_of_a_plan_has_its_part(described: type, owners: ownership.Owners) -> None:
    assert {one.name for one in fields(described)} == set(owners)


def test_of_two_factors_that_multiply_each_gets_half_of_what_they_do_together() -> None:
    """From 2 x 5 to 3 x 9: the first alone adds 5 or 9, the second alone 8 or 12."""
    values = np.array([2 * 5, 3 * 5, 2 * 9, 3 * 9], dtype=float)
    assert shapley(values, 2).tolist() == [7.0, 10.0]


def test_a_factor_that_changes_nothing_gets_exactly_nothing() -> None:
    values = np.array([0.1, 0.7, 0.1, 0.7, 0.3, 1.3, 0.3, 1.3])
    parts = shapley(values, 3)
    assert parts[1] == 0.0
    assert parts.sum() == pytest.approx(1.2)


@given(
    parts=st.lists(st.lists(st.floats(-1e4, 1e4), min_size=6, max_size=6), min_size=3, max_size=3),
    cents=st.lists(st.integers(-3, 3), min_size=6, max_size=6),
)
@law
def test_rounded_parts_add_to_the_difference_and_stay_near_what_they_were(
    parts: list[list[float]], cents: list[int]
) -> None:
    exact = np.array(parts).reshape(3, 1, 6)
    difference = np.rint(exact.sum(axis=0) * 100).astype(np.int64) + np.array(cents)
    cells = rounded_parts(exact, difference, 2)
    assert (cells.sum(axis=0) == difference).all()
    # A part rounds by less than a cent a month; the largest also takes what the others and the difference round.
    assert np.abs(cells - exact * 100).max() < 1 + 3 + 3 + 0.5
