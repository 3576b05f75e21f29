"""A workspace sees nothing of another, whatever statement is sent, because Postgres itself refuses."""

from datetime import datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import ProgrammingError

from service.store import (
    claims,
    console_sessions,
    export_profiles,
    fleets,
    idempotency,
    keys,
    measurements,
    plans,
    prices,
    schedule_runs,
    schedules,
    sign_in_links,
    usage,
    workloads,
)
from service.store.budgets import comments, overrides, thresholds, versions
from service.store.database import TENANT_ROLE, Database
from service.store.errors import NotFound
from service.store.metadata import Model
from service.store.price_book import proposals
from service.store.tables import Replays
from tests.servers import RealServers
from tests.service.store import rows

TABLES = sorted(Model.metadata.tables)
CHANGES_NOTHING = {
    "api_keys": "revoked_at = now()",
    "export_profiles": "version = 9",
    "plans": "version = 9",
    "fleets": "version = 9",
    "workloads": "version = 9",
    "forecasts": "progress_fraction = 0.5",
    "price_proposals": "decided_by = 'key:test'",
    "budgets": "version = 9",
    "budget_overrides": "withdrawn_by = 'x', withdrawn_at = now()",
    "budget_thresholds": "removed_at = now()",
    "budget_alerts": "cleared_at = now()",
    "price_watches": "attempt = 9",
    "idempotency_keys": "locked_until = now()",
    "schedules": "version = 9",
    "sign_in_links": "used_at = now()",
    "usage": "billed = 9",
    "schedule_runs": "decided_at = now()",
}


@pytest.fixture
def inhabited(database: Database, workspace_id: UUID, now: datetime) -> UUID:
    """A workspace with at least one row in every table."""
    with database.tenant(workspace_id) as session:
        key, _ = keys.create_key(session, workspace_id=workspace_id, name="first", scopes=["read"], now=now)
        console_sessions.open_session(session, key.id, now=now)
        sign_in_links.make_link(session, key.id, now=now)
        plan = plans.add(session, plans.NewPlan(name="estate", document={}), now=now)
        export_profiles.add(session, export_profiles.NewExportProfile(name="tool", document={}), now=now)
        fleets.add(session, rows.fleet(), plan_id=plan.id, now=now)
        measurements.add(session, rows.measurement(), now=now)
        workloads.add(session, rows.workload(document=rows.ROUTED), plan_id=plan.id, now=now)
        prices.add_prices(session, [rows.price()], now=now)
        proposals.add_proposals(session, [rows.proposal()], actor="key:test", now=now)
        usage.add(session, [rows.used()], actor="key:test", now=now)
        usage.close_month(session, now.date().replace(day=1), actor="key:test", now=now)
        schedule = schedules.add(session, rows.schedule(now), now=now)
        forecast_id = rows.queue_forecast(session, now)
        session.execute(
            # The same forecast twice, since tests below count on a single one.
            insert(Replays).values(
                id=forecast_id,
                workspace_id=workspace_id,
                replayed_id=forecast_id,
                requested_by="key:test",
                requested_at=now,
            )
        )
        schedule_runs.decide(session, rows.decision(schedule.id, now, forecast_id=forecast_id), now=now)
        idempotency.begin(session, route="POST /v1/plans", key="1", request_hash=b"1", lock_seconds=9, now=now)
    token = uuid4()
    with database.system() as session:
        claims.claim(session, forecast_id, workspace_id=workspace_id, token=token, lease_seconds=9, now=now)
    with database.tenant(workspace_id) as session:
        assert claims.succeed(session, forecast_id, token=token, result=rows.result(), now=now) == "ok"
        budget = versions.add(session, rows.budget(forecast_id), actor="key:test", now=now)
        overrides.add(session, rows.override(budget.id), actor="key:test", now=now)
        comments.add(session, budget.id, month=None, comment="so be it", actor="key:test", now=now)
        rule, _ = thresholds.add(session, budget, rows.threshold(), actor="key:test", now=now)
        crossing = rows.crossing(rule.id, forecast_id)
        assert thresholds.raise_alerts(session, budget, [rule], [crossing], now=now)
    return workspace_id


def test_every_table_but_the_migrations_own_forces_row_level_security(
    servers: RealServers, module_database_url: str
) -> None:
    with psycopg.connect(servers.superuser_url_of(module_database_url)) as connection:
        guarded = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND relrowsecurity AND relforcerowsecurity ORDER BY relname"
        ).fetchall()
    assert [name for (name,) in guarded] == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_another_workspace_sees_no_row(
    database: Database, inhabited: UUID, other_workspace_id: UUID, table: str
) -> None:
    column = "id" if table == "workspaces" else "workspace_id"
    with database.tenant(inhabited) as session:
        assert _count(session, table, column, inhabited) > 0
    with database.tenant(other_workspace_id) as session:
        assert _count(session, table, column, inhabited) == 0


@pytest.mark.parametrize("table", [table for table in TABLES if table != "workspaces"])
def test_another_workspace_cannot_add_a_row(
    database: Database, inhabited: UUID, other_workspace_id: UUID, table: str
) -> None:
    with database.tenant(inhabited) as session:
        row = session.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t LIMIT 1")).scalar_one()
    with (
        pytest.raises(ProgrammingError, match="violates row-level security policy"),
        database.tenant(other_workspace_id) as session,
    ):
        session.execute(
            text(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, :row)"), {"row": row}
        )


@pytest.mark.parametrize("table", sorted(CHANGES_NOTHING))
def test_another_workspace_changes_no_row(
    database: Database, inhabited: UUID, other_workspace_id: UUID, table: str
) -> None:
    statement = text(f"UPDATE {table} SET {CHANGES_NOTHING[table]} RETURNING 1")
    with database.tenant(other_workspace_id) as session:
        assert session.execute(statement).all() == []
    with database.tenant(inhabited) as session:
        assert len(session.execute(statement).all()) == 1
        session.rollback()


@pytest.mark.parametrize(
    "table",
    [
        "budgets",
        "closed_months",
        "console_sessions",
        "export_profiles",
        "fleets",
        "idempotency_keys",
        "measurements",
        "plans",
        "price_watches",
        "schedules",
        "workloads",
    ],
)
def test_another_workspace_removes_no_row(
    database: Database, inhabited: UUID, other_workspace_id: UUID, table: str
) -> None:
    with database.tenant(other_workspace_id) as session:
        session.execute(text(f"DELETE FROM {table}"))
    with database.tenant(inhabited) as session:
        assert _count(session, table, "workspace_id", inhabited) == 1


@pytest.mark.usefixtures("inhabited")
@pytest.mark.parametrize("table", TABLES)
def test_without_a_workspace_a_tenant_sees_nothing(database: Database, table: str) -> None:
    with database.system() as session:
        session.execute(text("SELECT set_config('role', 'none', true)"))
        session.execute(text("SELECT set_config('role', :role, true)"), {"role": TENANT_ROLE})
        own = "" if table != "prices" else "WHERE workspace_id IS NOT NULL"
        assert session.execute(text(f"SELECT count(*) FROM {table} {own}")).scalar_one() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE forecasts SET snapshot = 'x'",
        "UPDATE forecasts SET inputs_sha256 = 'x'",
        "UPDATE forecasts SET workspace_id = id",
        "DELETE FROM forecasts",
        "UPDATE budget_lines SET billed = 0",
        "DELETE FROM budget_lines",
        "UPDATE replays SET requested_by = 'x'",
        "UPDATE console_sessions SET key_id = key_id",
        "UPDATE console_sessions SET expires_at = now()",
        "UPDATE sign_in_links SET key_id = key_id",
        "UPDATE sign_in_links SET expires_at = now()",
        "DELETE FROM replays",
        "UPDATE budgets SET amount = 1",
        "UPDATE budgets SET forecast_id = id",
        "UPDATE budgets SET number = 9",
        "UPDATE budget_overrides SET original = 1",
        "UPDATE budget_overrides SET amount = 1",
        "DELETE FROM budget_overrides",
        "UPDATE budget_comments SET comment = 'x'",
        "DELETE FROM budget_comments",
        "UPDATE budget_thresholds SET fraction = 1",
        "DELETE FROM budget_thresholds",
        "UPDATE budget_alerts SET value = 1",
        "DELETE FROM budget_alerts",
        "UPDATE prices SET rate = 0",
        "DELETE FROM prices",
        "UPDATE measurements SET speedup = 2",
        "UPDATE schedule_runs SET occurrence = 'x'",
        "DELETE FROM schedule_runs",
        "UPDATE usage SET workload = 'x'",
        "DELETE FROM usage",
        "UPDATE closed_months SET closed_by = 'x'",
        "UPDATE audit_log SET actor = 'x'",
        "DELETE FROM audit_log",
        "UPDATE api_keys SET scopes = ARRAY['admin']",
        "INSERT INTO workspaces SELECT * FROM workspaces",
    ],
)
def test_a_tenant_cannot_rewrite_its_own_history(database: Database, inhabited: UUID, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), database.tenant(inhabited) as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM workloads",
        "SELECT FROM fleets",
        "SELECT FROM measurements",
        "SELECT FROM plans",
        "SELECT document FROM schedules",
        "UPDATE schedules SET paused_at = now()",
        "SELECT FROM schedule_runs",
        "SELECT FROM usage",
        "SELECT FROM closed_months",
        "SELECT FROM budget_lines",
        "SELECT FROM audit_log",
        "SELECT document FROM forecasts",
        "SELECT response_body FROM idempotency_keys",
        "UPDATE forecasts SET snapshot = 'x'",
        "UPDATE forecasts SET document = 'x'",
        "SELECT amount FROM budgets",
        "UPDATE budgets SET status = 'approved'",
        "SELECT FROM budget_overrides",
        "SELECT FROM budget_comments",
        "SELECT FROM budget_thresholds",
        "SELECT FROM budget_alerts",
        "UPDATE api_keys SET scopes = ARRAY['admin']",
        "DELETE FROM prices",
    ],
)
def test_the_system_role_reaches_no_further_than_its_duties(database: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), database.system() as session:
        session.execute(text(statement))


def test_the_login_role_by_itself_is_no_way_around(database: Database, inhabited: UUID) -> None:
    with database.tenant(inhabited) as session:
        session.execute(text("SELECT set_config('role', 'none', true), set_config('tokencast.workspace', '', true)"))
        assert session.execute(text("SELECT count(*) FROM workloads")).scalar_one() == 0


def test_a_row_of_another_workspace_looks_like_no_row(
    database: Database, inhabited: UUID, other_workspace_id: UUID
) -> None:
    with database.tenant(inhabited) as session:
        fleet = fleets.find_by_names(session, ["pool"])["pool"]
    with pytest.raises(NotFound), database.tenant(other_workspace_id) as session:
        fleets.get(session, fleet.id)


def test_a_fleet_cannot_belong_to_the_plan_of_another_workspace(
    database: Database, inhabited: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(inhabited) as session:
        plan = plans.find_by_names(session, ["estate"])["estate"]
    with (
        pytest.raises(Exception, match="fk_fleets_workspace_id_plan_id_plans"),
        database.tenant(other_workspace_id) as session,
    ):
        fleets.add(session, rows.fleet(), plan_id=plan.id, now=now)


def test_a_claim_with_the_wrong_workspace_takes_nothing(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        forecast_id = rows.queue_forecast(session, now)
    with database.system() as session:
        assert (
            claims.claim(session, forecast_id, workspace_id=other_workspace_id, token=uuid4(), lease_seconds=9, now=now)
            is None
        )


def _count(session: Connection, table: str, column: str, workspace_id: UUID) -> int:
    statement = text(f"SELECT count(*) FROM {table} WHERE {column} = :workspace_id")
    return int(session.execute(statement, {"workspace_id": workspace_id}).scalar_one())
