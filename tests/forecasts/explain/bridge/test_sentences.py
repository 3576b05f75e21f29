"""Sentences of a bridge: each large part names what caused it."""

from typing import Any

import pytest

from forecasts.explain.bridge.bridge import BridgeSide, bridge
from forecasts.explain.bridge.causes.sentences import sentences
from tests.forecasts.estates import (
    SMALL,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    headline,
    read,
    to_fleet,
    to_model,
    with_fleet,
)

OWNED: dict[str, Any] = {
    "kind": "owned",
    "purchase_price_per_node": "36000",
    "purchased": "2027-01-01",
    "in_service": "2027-01-01",
    "useful_life_months": 36,
}


def told(before: dict[str, Any], after: dict[str, Any], **versions: str) -> list[str]:
    sides = [
        BridgeSide(plan=read(before), model_version=versions.get("was", "")),
        BridgeSide(plan=read(after), model_version=versions.get("now", "")),
    ]
    return [one.text for one in sentences(bridge(*sides), *sides)]


def test_a_workload_that_grew_is_named_with_what_it_was_and_is() -> None:
    assert told(a_plan(), a_plan(a_workload(requests_per_month=1.2e6))) == [
        "Volume adds 600.00 USD (+20.0 %): chat: requests per month 1,000,000 to 1,200,000 (+600.00)."
    ]


def test_a_price_row_is_named_with_its_day_and_source() -> None:
    fresh = a_price(rate="1.50", recorded_at="2026-12-01T00:00:00Z", effective_from="2027-01-01T00:00:00Z")
    after = a_plan(prices=[a_price(), fresh | {"source": "provider page"}], as_of="2026-12-15")
    assert told(a_plan(), after) == [
        "Price takes off 750.00 USD (-25.0 %): north/large output at 1.50 USD a million from 2027-01-01 "
        "(provider page), 2.00 before."
    ]


def test_another_outlook_is_named() -> None:
    cut = {"outlook": "planning_haircut", "from": "2026-12-01"}
    [sentence] = told(a_plan(), a_plan(outlooks=[cut]))
    assert sentence == "Price takes off 750.00 USD (-25.0 %): outlook of north/large hold to planning_haircut."


def test_a_contract_that_came_is_named() -> None:
    frame = {"name": "frame", "provider": "north", "from": "2027-01-01", "discount_fraction": 0.1}
    assert told(a_plan(), a_plan(contracts=[frame])) == [
        "Price takes off 300.00 USD (-10.0 %): the contract frame came."
    ]


def test_a_node_that_was_added_is_named() -> None:
    assert told(with_fleet(), with_fleet(nodes=2)) == ["Capacity adds 54,000.00 USD (+100.0 %): pool: nodes 1 to 2."]


def test_a_fleet_that_came_is_named_with_its_nodes() -> None:
    sentence = told(a_plan(), a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet()]))[-1]
    assert sentence.endswith(": the fleet pool came with 1 rented nodes.")


def test_a_decoder_is_named() -> None:
    busy = a_workload(to=[to_fleet()], requests_per_month=1.8e10, output_tokens_per_request=1)
    hourly = {"policy": "hourly"}
    before = a_plan(busy, fleets=[a_fleet(scaling=hourly)])
    after = a_plan(busy, fleets=[a_fleet(scaling=hourly, decoder=headline(2.0, since="2027-01"))])
    assert told(before, after) == [
        "Efficiency takes off 54,000.00 USD (-50.0 %): pool: decoder none to headline 2 from 2027-01."
    ]


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (OWNED | {"useful_life_months": 48}, "useful life months 36 to 48"),
        ({"kind": "rented", "rate_per_node_hour": "25.00"}, "paid for as owned before and rented now"),
    ],
)
def test_another_way_to_pay_for_nodes_is_named(cost: dict[str, Any], words: str) -> None:
    [sentence] = told(with_fleet(cost=OWNED), with_fleet(cost=cost))
    assert sentence.startswith("Amortization")
    assert words in sentence


def test_what_came_and_what_left_are_named_largest_first() -> None:
    before = a_plan(a_workload("kept"), a_workload("gone"))
    after = a_plan(a_workload("kept"), a_workload("new", requests_per_month=3e6))
    assert told(before, after) == ["Scope adds 6,000.00 USD (+100.0 %): new came (+9,000.00); gone went (-3,000.00)."]


def test_months_that_left_and_entered_are_named() -> None:
    growing = a_workload(monthly_growth=0.1)
    [sentence] = told(a_plan(growing), a_plan(growing, horizon={"first_month": "2027-02", "months": 3}))
    assert sentence == "Calendar adds 331.00 USD (+10.0 %): 2027-01 left (-1,000.00); 2027-04 entered (+1,331.00)."


def test_routes_that_changed_are_named() -> None:
    [sentence] = told(a_plan(), a_plan(a_workload(to=[to_model(SMALL)])))
    assert sentence == (
        "Mix takes off 2,445.00 USD (-81.5 %): chat: route sets 1 north/large to 1 south/small (-2,445.00)."
    )


def test_a_part_of_less_than_a_hundredth_has_no_sentence() -> None:
    assert told(a_plan(), a_plan(a_workload(requests_per_month=1.0099e6))) == []
    assert len(told(a_plan(), a_plan(a_workload(requests_per_month=1.0101e6)))) == 1
