"""Stored points: each once, bound to a fleet of their workspace, and gone with it."""

from datetime import date, datetime
from uuid import UUID

import pytest

from service.store import fleets, measurements, plans
from service.store.database import Database
from service.store.errors import NotFound
from tests.service.store import rows


@pytest.fixture
def with_fleets(database: Database, workspace_id: UUID, now: datetime) -> UUID:
    with database.tenant(workspace_id) as session:
        for name in ("pool", "other"):
            fleets.add(session, rows.fleet(name), now=now)
    return workspace_id


def test_a_point_that_says_the_same_is_the_same_point(database: Database, with_fleets: UUID, now: datetime) -> None:
    with database.tenant(with_fleets) as session:
        first, is_new = measurements.add(session, rows.measurement(), now=now)
        again, is_new_again = measurements.add(session, rows.measurement(note="once more", source="elsewhere"), now=now)
        dated, dated_is_new = measurements.add(session, rows.measurement(measured_on=date(2026, 11, 1)), now=now)
    assert (is_new, is_new_again, dated_is_new) == (True, False, True)
    assert again == first
    assert dated.id != first.id


def test_points_are_read_back_as_they_were_declared(database: Database, with_fleets: UUID, now: datetime) -> None:
    sent = rows.measurement(
        acceptance_length=2.4, speedup=None, num_speculative_tokens=5, measured_on=date(2026, 11, 1), note="a run"
    )
    with database.tenant(with_fleets) as session:
        record, _ = measurements.add(session, sent, now=now)
        found = measurements.get(session, record.id)
    assert found == record
    assert {name: getattr(found, name) for name in sent.__dataclass_fields__} == vars(sent)
    assert (found.plan_id, found.created_at) == (None, now)


@pytest.mark.usefixtures("with_fleets")
def test_a_point_needs_a_fleet_of_its_own_workspace(
    database: Database, other_workspace_id: UUID, now: datetime
) -> None:
    with (
        pytest.raises(NotFound, check=lambda refusal: refusal.resource == "fleet"),
        database.tenant(other_workspace_id) as session,
    ):
        measurements.add(session, rows.measurement(), now=now)


def test_a_point_follows_its_fleet_to_another_name_and_goes_with_it(
    database: Database, with_fleets: UUID, now: datetime
) -> None:
    with database.tenant(with_fleets) as session:
        record, _ = measurements.add(session, rows.measurement(), now=now)
        fleet = fleets.find_by_names(session, ["pool"])["pool"]
        fleets.replace(session, fleet.id, rows.fleet("lake"), expected_version=1, now=now)
        assert measurements.get(session, record.id).fleet == "lake"
        fleets.remove(session, fleet.id, expected_version=2)
        with pytest.raises(NotFound):
            measurements.get(session, record.id)


def test_a_removed_point_is_gone_and_cannot_be_removed_again(
    database: Database, with_fleets: UUID, now: datetime
) -> None:
    with database.tenant(with_fleets) as session:
        record, _ = measurements.add(session, rows.measurement(), now=now)
        measurements.remove(session, record.id)
        with pytest.raises(NotFound):
            measurements.remove(session, record.id)


def test_pages_go_through_all_points_of_a_fleet_and_method_once(
    database: Database, with_fleets: UUID, now: datetime
) -> None:
    with database.tenant(with_fleets) as session:
        for concurrency in (1.0, 2.0, 3.0):
            measurements.add(session, rows.measurement(concurrency=concurrency), now=now)
        measurements.add(session, rows.measurement(fleet="other"), now=now)
        measurements.add(session, rows.measurement(method="dspark"), now=now)
        first, cursor = measurements.page(session, after=None, limit=2, fleet="pool", method="eagle3")
        last, end = measurements.page(session, after=cursor, limit=2, fleet="pool", method="eagle3")
        on_other = measurements.on_fleets(session, ["other", "nowhere"], limit=10)
    assert [record.concurrency for record in (*first, *last)] == [1.0, 2.0, 3.0]
    assert end is None
    assert [record.fleet for record in on_other] == ["other"]


def test_what_a_plan_brought_is_pruned_and_what_others_added_stays(
    database: Database, with_fleets: UUID, now: datetime
) -> None:
    kept, dropped, own = (rows.measurement(concurrency=concurrency) for concurrency in (1.0, 2.0, 3.0))
    with database.tenant(with_fleets) as session:
        plan = plans.add(session, plans.NewPlan(name="estate", document={}), now=now)
        measurements.add(session, own, now=now)
        brought = measurements.add_many(session, [kept, dropped, own], plan_id=plan.id, now=now)
        gone = measurements.prune(session, plan_id=plan.id, keep=[kept])
        left, _ = measurements.page(session, after=None, limit=10)
    assert brought == ["created", "created", "unchanged"]
    assert [record.concurrency for record in gone] == [2.0]
    assert sorted(record.concurrency for record in left) == [1.0, 3.0]
