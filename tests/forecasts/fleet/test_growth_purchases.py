"""Nodes bought as a fleet grows: ordered a lead time ahead, never sold, written off from their own month on."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.fleet.assets.books import asset_books
from forecasts.fleet.assets.growth import growth_arrivals
from forecasts.fleet.assets.register import asset_register
from forecasts.fleet.costs.streams import cost_streams
from forecasts.fleet.costs.terms import DepreciationMethod, Growth, Leased, Owned, Production, Tranche
from forecasts.fleet.fleet import Fleet, Throughput
from forecasts.fleet.in_service import attainable_nodes
from forecasts.fleet.nodes import NodeUse, NodeWork
from forecasts.fleet.scaling.terms import Monthly
from forecasts.timeline import FloatArray, Month, Timeline
from tests.forecasts.estates import law

YEAR = Timeline(first=Month(2027, 1), months=12, calendar="30/360")


def a_growing_fleet(
    *, lead_time_months: int = 2, life: int = 6, method: DepreciationMethod = "straight_line", nodes: int = 2
) -> Fleet:
    """Nodes from before the horizon, written off by then, and more at 600 each."""
    day = date(2020, 1, 1)
    tranche = Tranche(
        name="nodes",
        nodes=None,
        purchase_price_per_node=Decimal(1),
        purchased=day,
        in_service=day,
        useful_life_months=1,
    )
    by_use = method == "units_of_production"
    production = Production(unit="busy_node_hours", total_per_node=1440.0, before_horizon_per_node=1440.0)
    growth = Growth(purchase_price_per_node=Decimal(600), lead_time_months=lead_time_months, useful_life_months=life)
    return a_fleet(
        Owned(tranches=(tranche,), growth=growth, method=method, production=production if by_use else None), nodes
    )


def a_fleet(cost: Owned | Leased, nodes: int) -> Fleet:
    return Fleet(
        name="pool",
        accelerator="h100-sxm-80gb",
        gpus_per_node=8,
        nodes=nodes,
        serves="some-model",
        throughput=Throughput(output_tokens_per_second=4000),
        scaling=Monthly(lead_time_months=2),
        cost=cost,
    )


def running(paths: list[list[int]], *, busy: float = 0.5) -> tuple[NodeUse, NodeWork]:
    """Nodes of a year by path."""
    serving = np.array(paths, dtype=np.float64).T
    hours = YEAR.hours[:, None]
    nodes = NodeUse(serving=serving, serving_hours=serving * hours, spares=np.zeros((12, 1)), hours=hours)
    work = NodeWork(utilization=np.full(serving.shape, busy), output_tokens=np.zeros(serving.shape))
    return nodes, work


def by_kind(fleet: Fleet, nodes: NodeUse, work: NodeWork, basis: str) -> dict[str, FloatArray]:
    streams = cost_streams(fleet, YEAR, np.ones(12), nodes, work, 2)
    return {stream.kind: np.broadcast_to(getattr(stream, basis), nodes.paid.shape) for stream in streams}


GROWS_AND_SHRINKS = [2, 2, 2, 3, 3, 5, 2, 2, 2, 2, 2, 2]
STAYS = [2] * 12


def test_a_node_is_billed_its_lead_time_before_it_serves_on_the_path_that_needs_it() -> None:
    nodes, work = running([GROWS_AND_SHRINKS, STAYS])
    billed = by_kind(a_growing_fleet(), nodes, work, "billed")["purchase"]
    assert billed.T.tolist() == [[0, 600, 0, 1200, 0, 0, 0, 0, 0, 0, 0, 0], [0] * 12]


def test_each_node_is_written_off_from_its_own_month_of_service() -> None:
    """One node from April for six months and two from June: 100 a month each."""
    nodes, work = running([GROWS_AND_SHRINKS, STAYS])
    effective = by_kind(a_growing_fleet(), nodes, work, "effective")["depreciation"]
    assert effective[:, 0].tolist() == pytest.approx([0, 0, 0, 100, 100, 300, 300, 300, 300, 200, 200, 0])
    assert (effective[:, 1] == 0.0).all()


def test_nodes_that_are_no_longer_needed_stay_owned_and_their_cost_is_idle() -> None:
    nodes, work = running([GROWS_AND_SHRINKS, STAYS])
    [depreciation] = [
        stream
        for stream in cost_streams(a_growing_fleet(), YEAR, np.ones(12), nodes, work, 2)
        if stream.kind == "depreciation"
    ]
    assert depreciation.used_fraction is not None
    assert depreciation.used_fraction[:, 0].tolist() == [1.0] * 6 + [0.4] * 6
    assert (depreciation.used_fraction[:, 1] == 1.0).all()


def test_growth_wears_by_the_use_of_its_own_months() -> None:
    """Half of 720 hours a month of 1,440 in a life: a quarter of the price a month, for four months at the most."""
    fleet = a_growing_fleet(method="units_of_production", life=24)
    nodes, work = running([[2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4], STAYS])
    effective = by_kind(fleet, nodes, work, "effective")["depreciation"][:, 0]
    assert effective.tolist() == pytest.approx([0, 0, 0, 150, 150, 150, 150, 0, 0, 0, 0, 150])


def test_arrivals_are_the_steps_of_the_highest_need_so_far() -> None:
    paid = np.array([[3.0], [2.0], [5.0], [4.0], [6.0]])
    assert growth_arrivals(np.full((5, 1), 2.0), paid).ravel().tolist() == [1, 0, 2, 0, 1]


def test_a_fleet_cannot_run_more_than_it_owns_before_the_first_order_arrives() -> None:
    wanted = np.full((12, 1), 4.0)
    assert attainable_nodes(a_growing_fleet(), YEAR, wanted).ravel().tolist() == [2, 2] + [4] * 10


def test_a_leased_fleet_cannot_run_more_than_it_leases() -> None:
    lease = Leased(payment_per_node_month=Decimal(1), starts=date(2027, 3, 1), ends=date(2027, 11, 30))
    wanted = np.full((12, 1), 4.0)
    assert attainable_nodes(a_fleet(lease, 3), YEAR, wanted).ravel().tolist() == [0, 0] + [3] * 9 + [0]


@law
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=12, max_size=12), min_size=1, max_size=7),
    st.integers(0, 15),
    st.sampled_from(["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"]),
    st.integers(0, 3),
)
def test_growth_is_paid_for_once_and_its_register_ties_out(
    paths: list[list[int]], lead_time_months: int, method: DepreciationMethod, declared: int
) -> None:
    fleet = a_growing_fleet(lead_time_months=lead_time_months, method=method, life=12, nodes=declared)
    nodes, work = running(paths)
    assert isinstance(fleet.cost, Owned)
    books = asset_books(fleet, fleet.cost, YEAR, np.ones(12), nodes, work, 2)
    growth = books[-1]
    beyond = np.maximum(nodes.paid - declared, 0.0)
    bought = growth.bought.sum(axis=0)
    assert bought.tolist() == beyond.max(axis=0).tolist()
    assert (growth.held >= beyond).all()
    assert np.mean(growth.additions.sum(axis=0)) == pytest.approx(600 * bought.mean(), abs=0.005)

    registered = asset_register(books, 2)[-1]
    assert registered.closing_cost.tolist()[-1] == round(60_000 * bought.mean() + 1e-6)
    assert (registered.closing_book_value >= 0).all()
    cents = np.cumsum(growth.depreciation.mean(axis=1)) * 100
    assert np.cumsum(registered.depreciation) == pytest.approx(cents, abs=1e-4)
