"""The `with` block is the unit of work: all of it or nothing, in one role, on a connection that lives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from service.store import audit, outbox, workloads, workspaces
from service.store.database import Database
from service.store.ids import new_id
from tests.servers import RealServers
from tests.service.store import rows


class DeliberateError(Exception):
    """Raised in the middle of a unit of work."""


def test_an_error_in_the_block_leaves_nothing_behind(database: Database, workspace_id: UUID, now: datetime) -> None:
    def fail_in_the_middle() -> None:
        with database.tenant(workspace_id) as session:
            workloads.add(session, rows.workload(), now=now)
            raise DeliberateError

    with pytest.raises(DeliberateError):
        fail_in_the_middle()
    with database.tenant(workspace_id) as session:
        assert workloads.find_by_names(session, ["chat"]) == {}


def test_role_and_workspace_end_with_the_transaction(database: Database, workspace_id: UUID) -> None:
    settings = text("SELECT current_user, current_setting('tokencast.workspace', true)")
    with database.tenant(workspace_id) as session:
        assert tuple(session.execute(settings).one()) == ("tokencast_tenant", str(workspace_id))
        session.commit()
        assert tuple(session.execute(settings).one()) == ("tokencast", "")


def test_a_restart_of_the_database_costs_no_request(
    servers: RealServers, module_database_url: str, database: Database
) -> None:
    """Every pooled connection dies; the next transaction finds out by itself and takes a new one."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: database.check(), range(32)))
    with psycopg.connect(servers.superuser_url_of(module_database_url), autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'tokencast'"
        )
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: database.check(), range(32))) == [None] * 32


def test_a_workspace_is_made_once_by_all_who_ask_at_once(database: Database, now: datetime) -> None:
    def ensure(_: int) -> UUID:
        with database.system() as session:
            return workspaces.ensure_workspace(session, "wanted by eight", now=now)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ensure, range(8)))) == 1


def test_two_relays_at_once_publish_each_event_once(database: Database, workspace_id: UUID, now: datetime) -> None:
    with database.tenant(workspace_id) as session:
        for number in range(40):
            outbox.add(session, event="plan.applied", subject=f"plan/{number}", data={"n": number}, now=now)

    def relay(_: int) -> list[outbox.OutboxRecord]:
        with database.system() as session:
            return outbox.relay(session, limit=20, now=now)

    with ThreadPoolExecutor(4) as pool:
        taken = [event for events in pool.map(relay, range(8)) for event in events]
    own = [event.data["n"] for event in taken if event.workspace_id == workspace_id]
    assert sorted(own) == list(range(40))


def test_the_audit_log_tells_the_newest_deed_first(database: Database, workspace_id: UUID, now: datetime) -> None:
    with database.tenant(workspace_id) as session:
        for number in range(3):
            audit.record(session, actor="key:1", action="plan.apply", subject=f"plan/{number}", now=now)
        first, cursor = audit.page(session, after=None, limit=2)
        rest, end = audit.page(session, after=cursor, limit=2)
        one, _ = audit.page(session, after=None, limit=9, subject="plan/1")
    assert [deed.subject for deed in (*first, *rest)] == ["plan/2", "plan/1", "plan/0"]
    assert end is None
    assert [deed.subject for deed in one] == ["plan/1"]


def test_ids_rise_within_a_process_even_from_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(5000)], range(4)))
    assert all(earlier < later for batch in batches for earlier, later in pairwise(batch))
    everything = {identifier for batch in batches for identifier in batch}
    assert len(everything) == 20_000
    assert {(identifier.version, identifier.variant) for identifier in everything} == {(7, "specified in RFC 4122")}
