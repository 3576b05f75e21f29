"""Bridges between two small estates, by hand: which part a change belongs to, and how much it is."""

from typing import Any

import pytest

from forecasts.errors import InvalidInput
from forecasts.explain.bridge.bridge import BridgeSide, bridge
from forecasts.explain.bridge.cells import BridgeRow, StatedLine
from forecasts.timeline import Month
from tests.forecasts.estates import (
    SMALL,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    headline,
    known_prices,
    read,
    to_fleet,
    to_model,
    with_fleet,
)
from tests.forecasts.explain.bridge.walked import parts_of, walked

# The workload puts out 500 million tokens a month at 2.00 a million, in three months.
MONTH = 1000.0
NODE_MONTH = 18_000.0


def test_volume_and_price_share_what_they_do_together() -> None:
    """A fifth more tokens cost 200 at the old price or 300 at the new; a price up by half costs 500 or 600."""
    after = a_plan(a_workload(requests_per_month=1.2e6), prices=[a_price(rate="3.00")])
    assert parts_of(walked(a_plan(), after)) == {"volume": 3 * 250.0, "price": 3 * 550.0}


def test_a_month_that_left_and_one_that_entered_are_calendar() -> None:
    found = walked(a_plan(), a_plan(horizon={"first_month": "2027-02", "months": 3}))
    assert [str(month) for month in found.months] == ["2027-01", "2027-02", "2027-03", "2027-04"]
    assert found.parts["calendar"][0].sum(axis=0).tolist() == [-100_000, 0, 0, 100_000]
    assert parts_of(found) == {}


def test_a_workload_that_came_and_one_that_went_are_scope() -> None:
    before = a_plan(a_workload("old"), a_workload("kept"))
    after = a_plan(a_workload("kept"), a_workload("new", requests_per_month=3e6))
    found = walked(before, after)
    assert parts_of(found) == {"scope": 3 * (3 - 1) * MONTH}
    by_workload = dict(
        zip([row.workload for row in found.rows], found.parts["scope"][0].sum(axis=-1).tolist(), strict=True)
    )
    assert by_workload == {"old": -300_000, "kept": 0, "new": 900_000}


def test_a_workload_that_came_with_a_model_nobody_had_priced_is_scope_at_its_own_price() -> None:
    before = a_plan(prices=[a_price()], as_of="2026-11-23")
    added = a_workload("new", to=[to_model(SMALL)])
    fresh = a_price(SMALL, rate="4.00", recorded_at="2026-12-01T00:00:00Z", effective_from="2026-12-01T00:00:00Z")
    after = a_plan(a_workload(), added, prices=[a_price(), fresh], as_of="2026-12-15")
    assert parts_of(walked(before, after)) == {"scope": 3 * 2 * MONTH}


def test_a_model_that_was_retired_after_a_workload_left_it_is_bridged_at_its_last_price() -> None:
    """A month entered in which the old route has no price any more: it enters at 2.00 and leaves it by mix for 0.37."""
    retired = [a_price(effective_to="2027-04-01T00:00:00Z"), a_price(SMALL, rate="0.37")]
    after = a_plan(a_workload(to=[to_model(SMALL)]), prices=retired, horizon={"first_month": "2027-02", "months": 3})
    found = walked(a_plan(prices=retired), after)
    assert parts_of(found) == {"mix": pytest.approx(3 * (185.0 - MONTH))}
    assert found.parts["calendar"][0].sum(axis=0).tolist() == [-100_000, 0, 0, 100_000]


def test_a_workload_under_another_cost_centre_moves_its_cost_between_rows_and_adds_nothing() -> None:
    found = walked(a_plan(), a_plan(a_workload() | {"cost_center": "4300"}))
    assert parts_of(found) == {}
    assert {row.cost_center: int(found.parts["scope"][0, index].sum()) for index, row in enumerate(found.rows)} == {
        "4100": -300_000,
        "4300": 300_000,
    }


def test_requests_that_move_to_a_cheaper_model_are_mix() -> None:
    after = a_plan(a_workload(to=[to_model(SMALL)]))
    assert parts_of(walked(a_plan(), after)) == {"mix": pytest.approx(3 * (185.0 - MONTH))}


@pytest.mark.parametrize(
    ("changed", "part", "monthly"),
    [
        ({"nodes": 2}, "capacity", NODE_MONTH),
        ({"cost": {"kind": "rented", "rate_per_node_hour": "30.00"}}, "price", 3600.0),
        ({"one_offs": [{"month": "2027-02", "amount": "1200.00", "what": "move"}]}, "capacity", 400.0),
        ({"one_offs": [{"month": "2027-02", "amount": "1200.00", "what": "t", "gpu_hours": 9}]}, "efficiency", 400.0),
        ({"cost": {"kind": "leased", "payment_per_node_month": "9000", "starts": "2027-01-01", "ends": "2029-12-31"}},
         "amortization", 9000.0 - NODE_MONTH),
    ],
)  # fmt: skip
def test_a_change_of_a_fleet_belongs_to_one_part(changed: dict[str, Any], part: str, monthly: float) -> None:
    assert parts_of(walked(with_fleet(), with_fleet(**changed))) == {part: pytest.approx(3 * monthly)}


def test_a_longer_useful_life_is_amortization_and_no_cash() -> None:
    """36,000 over 36 months are 1,000 a month, over 48 months 750."""
    owned = {
        "kind": "owned",
        "purchase_price_per_node": "36000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
    }
    found = walked(with_fleet(cost=owned), with_fleet(cost=owned | {"useful_life_months": 48}))
    assert parts_of(found) == {"amortization": -750.0}
    assert parts_of(found, "billed") == {}


def test_a_decoder_that_saves_nodes_is_efficiency() -> None:
    """Twice a node's output needs two nodes, and one at twice the speed."""
    busy = a_workload(to=[to_fleet()], requests_per_month=2 * 10.368e9 * 0.9, output_tokens_per_request=1)
    hourly = {"policy": "hourly"}
    before = a_plan(busy, fleets=[a_fleet(scaling=hourly)])
    after = a_plan(busy, fleets=[a_fleet(scaling=hourly, decoder=headline(2.0))])
    assert parts_of(walked(before, after)) == {"efficiency": -3 * NODE_MONTH}


def test_a_workload_that_moves_from_an_api_to_a_new_fleet_leaves_by_mix_and_arrives_by_capacity() -> None:
    """To the cent that the node's used and idle parts round by."""
    after = a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet()])
    parts = parts_of(walked(a_plan(), after))
    assert parts == pytest.approx({"mix": -3 * MONTH, "capacity": 3 * NODE_MONTH}, abs=0.011)
    assert sum(parts.values()) == pytest.approx(3 * (NODE_MONTH - MONTH))


def test_a_fleet_that_came_with_its_workloads_is_scope() -> None:
    after = a_plan(a_workload(), a_workload("new", to=[to_fleet()]), fleets=[a_fleet()])
    assert parts_of(walked(a_plan(), after)) == {"scope": 3 * NODE_MONTH}


def test_other_draws_of_the_same_plan_are_named_as_draws() -> None:
    noisy = a_workload(noise_fraction=0.3)
    found = walked(a_plan(noisy), a_plan(noisy, seed=8))
    assert set(parts_of(found)) == {"draws"}


def test_a_budget_that_was_written_down_differently_is_another_version_of_the_model() -> None:
    row = BridgeRow(workload="chat", cost_center="4100")
    stated = tuple(
        StatedLine(month=Month(2027, month), row=row, effective=90_000, billed=90_000) for month in (1, 2, 3)
    )
    plan = read(a_plan())
    found = bridge(BridgeSide(plan=plan, stated=stated), BridgeSide(plan=plan))
    assert found.total(found.before, "effective") == 270_000
    assert parts_of(found) == {"model_version": 300.0}


def test_two_currencies_are_not_bridged() -> None:
    euros = a_plan(currency="EUR", prices=[price | {"currency": "EUR"} for price in known_prices()])
    with pytest.raises(InvalidInput, match="only one currency can be bridged"):
        walked(a_plan(), euros)


def under(**terms: Any) -> dict[str, Any]:
    """The plan under a contract with the provider of its model."""
    return a_plan(contracts=[{"name": "frame", "provider": "north", "from": "2027-01-01"} | terms])


def test_a_discount_that_was_agreed_is_price() -> None:
    found = walked(a_plan(), under(discount_fraction=0.1))
    assert parts_of(found) == {"price": -3 * 100.0}


def test_a_commitment_that_is_missed_is_price_and_borne_by_no_workload() -> None:
    """1,000 a month are spent of the 1,500 that are due."""
    found = walked(a_plan(), under(committed_spend="1500", commitment_period="month"))
    assert parts_of(found) == {"price": 3 * 500.0}
    own = [index for index, row in enumerate(found.rows) if row.contract == "frame"]
    assert found.after[0, own].sum() == 150_000


def test_volume_that_fills_a_commitment_costs_nothing_more() -> None:
    terms = {"committed_spend": "1500", "commitment_period": "month"}
    after = under(**terms) | {"workloads": [a_workload(requests_per_month=1.5e6)]}
    found = walked(under(**terms), after)
    assert parts_of(found) == {}
    assert found.parts["volume"][0].sum(axis=-1).tolist() in ([150_000, -150_000], [-150_000, 150_000])
