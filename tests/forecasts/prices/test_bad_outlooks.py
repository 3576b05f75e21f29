"""Outlooks that make no sense: one clear problem for each bad field."""

from typing import Any

import pytest

from tests.forecasts.estates import LARGE, SMALL, a_plan, a_price, known_prices, pointers, problems

CUT = {"outlook": "projected_cut"}
PASS = {"outlook": "pass_through", "speedup": 1.5}
MOVE = {"outlook": "successor", "to_model": SMALL, "from": "2027-02-01"}


@pytest.mark.parametrize(
    ("outlook", "field"),
    [
        ({"outlook": "hold", "window": ["2027-01-01", "2027-02-01"]}, "window"),
        ({"outlook": "hold", "meters": ["output"]}, "meters"),
        ({"outlook": "scheduled", "scheduled_steps": False}, "scheduled_steps"),
        (CUT | {"from": "2027-01-01"}, "from"),
        (CUT | {"series": "tiers"}, "series"),
        (CUT | {"window": ["2027-01-01", None]}, "window/1"),
        (CUT | {"window": ["2027-02-01", "2027-01-01"]}, "window/1"),
        ({"outlook": "planning_haircut", "from": "soon"}, "from"),
        ({"outlook": "planning_haircut", "size": 1.2}, "size"),
        ({"outlook": "planning_haircut", "probability": 0.5}, "probability"),
        ({"outlook": "history", "size": 0.2}, "size"),
        ({"outlook": "history", "window": ["2027-01-41", None]}, "window/0"),
        ({"outlook": "exponential"}, "decay_per_year"),
        ({"outlook": "exponential", "decay_per_year": 1}, "decay_per_year"),
        ({"outlook": "exponential", "decay_per_year": {"low": 0.2, "mode": 0.1, "high": 0.3}}, "decay_per_year"),
        ({"outlook": "pass_through"}, "speedup"),
        (PASS | {"speedup": 0}, "speedup"),
        (PASS | {"pass_through_fraction": 1.5}, "pass_through_fraction"),
        (PASS | {"probability": -0.1}, "probability"),
        ({"outlook": "successor", "from": "2027-02-01"}, "to_model"),
        ({"outlook": "successor", "to_model": SMALL}, "from"),
        (MOVE | {"to_model": "small"}, "to_model"),
        (MOVE | {"to_model": "south/unheard-of"}, "to_model"),
        (MOVE | {"meters": ["output"]}, "meters"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(outlook: dict[str, Any], field: str) -> None:
    assert pointers(a_plan(outlooks=[{"outlook": "hold"}, outlook])) == [f"/outlooks/1/{field}"]


def test_a_field_of_another_kind_says_whose_it_is() -> None:
    [(pointer, detail)] = problems(a_plan(outlooks=[CUT | {"decay_per_year": 0.3}]))
    assert pointer == "/outlooks/0/decay_per_year"
    assert detail == "projected_cut does not take it; it belongs to exponential"


def test_every_bad_outlook_is_named_at_once() -> None:
    plan = a_plan(outlooks=[CUT | {"size": 2}, PASS | {"speedup": -1}, {"outlook": "exponential"}])
    assert pointers(plan) == ["/outlooks/0/size", "/outlooks/1/speedup", "/outlooks/2/decay_per_year"]


def test_a_successor_needs_a_price_from_its_day_on_and_none_before() -> None:
    launch = a_price("south/next", rate="1.00", effective_from="2027-02-01T00:00:00Z")
    plan = a_plan(prices=[*known_prices(), launch], outlooks=[MOVE | {"to_model": "south/next"}])
    assert problems(plan) == []
    [(pointer, detail)] = problems(plan | {"outlooks": [MOVE | {"to_model": "south/next", "from": "2027-01-15"}]})
    assert pointer == "/outlooks/0/to_model"
    assert detail == "2027-01 is before any known price of south/next for output: the first is from 2027-02-01"


def test_a_successor_that_charges_for_what_was_free_is_refused() -> None:
    free = a_price(LARGE, rate="0")
    assert pointers(a_plan(prices=[free, a_price(SMALL)], outlooks=[MOVE])) == ["/outlooks/0/to_model"]


def test_a_price_that_ended_before_the_plans_day_cannot_be_frozen() -> None:
    prices = [
        a_price(effective_to="2026-06-01T00:00:00Z"),
        a_price(effective_from="2027-01-01T00:00:00Z"),
    ]
    plan = a_plan(prices=prices, outlooks=[{"outlook": "hold"}])
    assert problems(plan) == []
    assert pointers(plan | {"outlooks": [{"outlook": "hold", "scheduled_steps": False}]}) == [
        "/outlooks/0/scheduled_steps"
    ]
