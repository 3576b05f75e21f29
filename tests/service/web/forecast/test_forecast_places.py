"""Pointers into a plan become words and addresses, and a failure becomes what to do."""

import msgspec
import pytest

from service.forecasting.declared_names import DeclaredNames, declared_names
from service.problem_types import INTERNAL, INVALID_INPUT, WORKER_LOST
from service.web.views.forecast.asked import asked_by
from service.web.views.forecast.failure import failure_of
from service.web.views.forecast.places import place_of

KEY, SCHEDULE = "key/01a20ac5-0000-7000-8000-000000000001", "schedule/01a20ac5-0000-7000-8000-000000000002"


@pytest.fixture(scope="module")
def names() -> DeclaredNames:
    plan = {
        "workloads": [{"name": "chat"}, {"name": "a/b"}],
        "fleets": [{"name": "h100", "nodes": 2}],
        "prices": [{"provider": "acme"}],
    }
    return declared_names(msgspec.json.encode(plan))


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("/workloads/0/demand/base_month", "workload chat, demand, base month"),
        ("/workloads/1", "workload a/b"),
        ("/fleets/0/cost/rates/2", "fleet h100, cost, rates, no. 3"),
        ("/workloads/7/routes", "workloads, no. 8, routes"),
        ("/prices/0/rate", "prices, no. 1, rate"),
        ("/odd~1name~0", "odd/name~"),
        ("/horizon", "horizon"),
        ("", "the whole plan"),
    ],
)
def test_a_pointer_is_said_with_the_names_that_people_gave(names: DeclaredNames, pointer: str, words: str) -> None:
    assert place_of(pointer, names, {}).words == words


def test_a_place_leads_to_what_is_still_stored_under_its_name(names: DeclaredNames) -> None:
    stored = {("workloads", "chat"): "/workloads/1"}
    assert place_of("/workloads/0/demand", names, stored).address == "/workloads/1"
    assert place_of("/fleets/0", names, stored).address is None


def test_each_kind_of_failure_has_its_own_advice(names: DeclaredNames) -> None:
    kinds = [INVALID_INPUT.type, WORKER_LOST.type, INTERNAL.type, "/problems/other"]
    advice = [failure_of({"type": kind}, names, {}).advice for kind in kinds]
    assert len(set(advice)) == len(kinds)


def test_errors_stand_in_the_place_of_the_detail_that_repeats_them(names: DeclaredNames) -> None:
    errors = [{"pointer": "/fleets/0/nodes", "detail": "must be positive"}]
    found = failure_of({"type": "x", "detail": "all in one line", "errors": errors}, names, {})
    assert found.detail == ""
    [(detail, place)] = found.errors
    assert (detail, place.words) == ("must be positive", "fleet h100, nodes")


def test_who_asked_is_said_by_name_and_found_again() -> None:
    named = {KEY: "ci", SCHEDULE: "monthly"}
    assert asked_by(KEY, named).words == "key ci"
    assert asked_by(SCHEDULE, named).words == "schedule monthly"
    assert asked_by(SCHEDULE, named).address == f"/schedules/{SCHEDULE.partition('/')[2]}"
    assert asked_by(SCHEDULE, {}).address is None
    assert asked_by("command line", {}).words == "command line"
