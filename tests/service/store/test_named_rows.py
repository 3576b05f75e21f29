"""Fleets, workloads and plans keep their names apart and lose no change that somebody else made."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from service.store import fleets, plans, workloads
from service.store.database import Database
from service.store.errors import NameTaken, NotFound, StaleVersion, StillReferenced
from tests.service.store import rows


def routed_to(fleet: str, name: str = "chat") -> workloads.NewWorkload:
    routes = [{"from": None, "to": [{"model": "a/b", "share": 0.5}, {"fleet": fleet, "share": 0.5}]}]
    return rows.workload(name, document={"routes": routes})


def test_what_is_added_is_found_as_it_was(database: Database, workspace_id: UUID, now: datetime) -> None:
    document = {"name": "pool", "cost": {"rate": "25.00"}, "fractions": [0.1, 1e-9], "none": None, "text": "naïve ☃"}
    with database.tenant(workspace_id) as session:
        added = fleets.add(session, rows.fleet(document=document), now=now)
    with database.tenant(workspace_id) as session:
        assert fleets.get(session, added.id) == added
    assert (added.document, added.version, added.created_at, added.plan_id) == (document, 1, now, None)


def test_a_name_is_taken_once_in_a_workspace_and_free_in_another(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        workloads.add(session, rows.workload(), now=now)
    with pytest.raises(NameTaken), database.tenant(workspace_id) as session:
        workloads.add(session, rows.workload(), now=now)
    with database.tenant(other_workspace_id) as session:
        workloads.add(session, rows.workload(), now=now)


def test_a_replacement_raises_the_version_and_a_stale_one_is_refused(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    with database.tenant(workspace_id) as session:
        old = fleets.add(session, rows.fleet(), now=now)
        new = fleets.replace(session, old.id, rows.fleet(nodes=2), expected_version=1, now=later)
    assert (new.nodes, new.version, new.created_at, new.updated_at) == (2, 2, now, later)
    with pytest.raises(StaleVersion) as stale, database.tenant(workspace_id) as session:
        fleets.replace(session, old.id, rows.fleet(nodes=3), expected_version=1, now=later)
    assert stale.value.current == 2
    with pytest.raises(StaleVersion), database.tenant(workspace_id) as session:
        fleets.remove(session, old.id, expected_version=1)
    with pytest.raises(NotFound), database.tenant(workspace_id) as session:
        workloads.replace(session, uuid4(), rows.workload(), expected_version=1, now=later)


def test_a_replacement_cannot_take_the_name_of_another_row(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        workloads.add(session, rows.workload("chat"), now=now)
        code = workloads.add(session, rows.workload("code"), now=now)
    with pytest.raises(NameTaken), database.tenant(workspace_id) as session:
        workloads.replace(session, code.id, rows.workload("chat"), expected_version=1, now=now)


def test_a_fleet_in_use_is_neither_removed_nor_renamed(database: Database, workspace_id: UUID, now: datetime) -> None:
    with database.tenant(workspace_id) as session:
        pool = fleets.add(session, rows.fleet("pool"), now=now)
        chat = workloads.add(session, routed_to("pool"), now=now)
    with pytest.raises(StillReferenced) as refused, database.tenant(workspace_id) as session:
        fleets.remove(session, pool.id, expected_version=1)
    assert refused.value.by == ["chat"]
    with pytest.raises(StillReferenced), database.tenant(workspace_id) as session:
        fleets.replace(session, pool.id, rows.fleet("other"), expected_version=1, now=now)
    with database.tenant(workspace_id) as session:
        workloads.remove(session, chat.id, expected_version=1)
        fleets.remove(session, pool.id, expected_version=1)


def test_applying_twice_changes_nothing_the_second_time(database: Database, workspace_id: UUID, now: datetime) -> None:
    later = now + timedelta(days=1)
    with database.tenant(workspace_id) as session:
        plan = plans.add(session, plans.NewPlan(name="estate", document={}), now=now)
        first = workloads.upsert_many(session, [rows.workload("b"), rows.workload("a")], plan_id=plan.id, now=now)
    with database.tenant(workspace_id) as session:
        changed = [rows.workload("a", task="code"), rows.workload("b"), rows.workload("c")]
        second = workloads.upsert_many(session, changed, plan_id=plan.id, now=later)
        found = workloads.find_by_names(session, ["a", "b", "c", "unknown"])
    assert first == [("b", "created"), ("a", "created")]
    assert second == [("a", "updated"), ("b", "unchanged"), ("c", "created")]
    assert {name: (row.version, row.updated_at) for name, row in found.items()} == {
        "a": (2, later),
        "b": (1, now),
        "c": (1, later),
    }
    assert {row.plan_id for row in found.values()} == {plan.id}


def test_a_thousand_rows_are_applied_in_a_few_statements(database: Database, workspace_id: UUID, now: datetime) -> None:
    statements: list[str] = []
    with database.tenant(workspace_id) as session:
        event.listen(session, "before_cursor_execute", lambda *call: statements.append(call[2]))
        workloads.upsert_many(session, [rows.workload(f"w{n}") for n in range(1000)], plan_id=None, now=now)
    assert len(statements) <= 2


def test_pruning_removes_what_the_plan_no_longer_names_and_nothing_else(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        plan = plans.add(session, plans.NewPlan(name="estate", document={}), now=now)
        fleets.upsert_many(session, [rows.fleet("old"), rows.fleet("kept")], plan_id=plan.id, now=now)
        fleets.add(session, rows.fleet("by hand"), now=now)
        assert fleets.prune(session, plan_id=plan.id, keep=["kept"]) == ["old"]
        assert set(fleets.find_by_names(session, ["old", "kept", "by hand"])) == {"kept", "by hand"}
        assert fleets.prune(session, plan_id=plan.id, keep=[]) == ["kept"]


def test_a_plan_that_goes_leaves_its_rows(database: Database, workspace_id: UUID, now: datetime) -> None:
    with database.tenant(workspace_id) as session:
        plan = plans.add(session, plans.NewPlan(name="estate", document={}), now=now)
        fleets.upsert_many(session, [rows.fleet()], plan_id=plan.id, now=now)
        plans.remove(session, plan.id, expected_version=1)
        assert fleets.find_by_names(session, ["pool"])["pool"].plan_id is None


def test_pages_join_without_gap_or_repetition(database: Database, workspace_id: UUID, now: datetime) -> None:
    names = [f"w{number}" for number in range(5)]
    with database.tenant(workspace_id) as session:
        for name in names:
            workloads.add(session, rows.workload(name), now=now)
        seen, cursor = [], None
        while True:
            page, cursor = workloads.page(session, after=cursor, limit=2)
            seen += [row.name for row in page]
            if cursor is None:
                break
        only, _ = workloads.page(session, after=None, limit=2, name="w3")
    assert seen == names
    assert [row.name for row in only] == ["w3"]
