"""Roles, grants and policies: a tenant sees its own workspace and nothing else, whoever forgets a WHERE."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT = "tokencast_tenant"
SYSTEM = "tokencast_system"

# Postgres keeps an empty text, not NULL, after the first transaction that set it locally has ended.
OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"

TABLES = (
    "workspaces",
    "api_keys",
    "plans",
    "fleets",
    "workloads",
    "prices",
    "forecasts",
    "budget_lines",
    "audit_log",
    "outbox",
    "idempotency_keys",
)
TENANT_POLICIES = {
    "workspaces": (("SELECT", OWN.replace("workspace_id", "id")),),
    "prices": (("SELECT", f"workspace_id IS NULL OR {OWN}"), ("INSERT", OWN)),
}
# What is history to a tenant has neither UPDATE nor DELETE, and a forecast's inputs are in no UPDATE list.
TENANT_GRANTS = {
    "workspaces": "SELECT",
    "api_keys": "SELECT, INSERT, UPDATE (revoked_at)",
    "plans": "SELECT, INSERT, UPDATE (name, document, version, updated_at), DELETE",
    "fleets": "SELECT, INSERT, DELETE, UPDATE (plan_id, name, cost_center, accelerator, serves, nodes, currency, "
    "document, version, updated_at)",
    "workloads": "SELECT, INSERT, DELETE, UPDATE (plan_id, name, cost_center, gl_account, task, document, version, "
    "updated_at)",
    "prices": "SELECT, INSERT",
    "forecasts": "SELECT, INSERT, UPDATE (status, progress_fraction, finished_at, lease_expires_at, claim_token, "
    "cancel_requested_at, problem, document, basis, confidence, budget_amount, expected, contingency)",
    "budget_lines": "SELECT, INSERT",
    "audit_log": "SELECT, INSERT",
    "outbox": "SELECT, INSERT",
    "idempotency_keys": "SELECT, INSERT, DELETE, UPDATE (request_hash, state, token, locked_until, created_at, "
    "response_status, response_headers, response_body)",
}
SYSTEM_GRANTS = {
    "workspaces": "SELECT, INSERT",
    "api_keys": "SELECT, UPDATE (last_used_at)",
    "prices": "SELECT, INSERT",
    "forecasts": "SELECT (id, workspace_id, status, snapshot, queued_at, sent_at, sends, lease_expires_at, "
    "claim_token, attempt, cancel_requested_at), "
    "UPDATE (status, progress_fraction, sent_at, sends, started_at, finished_at, lease_expires_at, claim_token, "
    "attempt, problem)",
    "outbox": "SELECT, INSERT, UPDATE (published_at), DELETE",
    "idempotency_keys": "SELECT (created_at), DELETE",
}
SYSTEM_POLICIES = {
    "workspaces": (("SELECT", "true"), ("INSERT", "true")),
    "api_keys": (("SELECT", "true"), ("UPDATE", "true")),
    "prices": (("SELECT", "workspace_id IS NULL"), ("INSERT", "workspace_id IS NULL")),
    "forecasts": (("SELECT", "true"), ("UPDATE", "status IN ('queued', 'running')")),
    "outbox": (("SELECT", "true"), ("INSERT", "true"), ("UPDATE", "true"), ("DELETE", "published_at IS NOT NULL")),
    "idempotency_keys": (("SELECT", "true"), ("DELETE", "true")),
}

# Roles belong to the whole cluster: another database may have made them, or be making them at this moment. From
# version 16 on, whoever makes a role may grant it but must say that the grant allows SET ROLE.
JOIN_ROLE = """
DO $$
DECLARE
    modern boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT pg_has_role(current_user, '{role}', CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
        BEGIN
            IF modern THEN
                EXECUTE format('GRANT {role} TO %I WITH SET TRUE, INHERIT FALSE', current_user);
            ELSE
                EXECUTE format('GRANT {role} TO %I', current_user);
            END IF;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;
END
$$
"""


def upgrade() -> None:
    for role in (TENANT, SYSTEM):
        op.execute(JOIN_ROLE.format(role=role))
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        _allow(TENANT, table, TENANT_GRANTS[table], TENANT_POLICIES.get(table, (("ALL", OWN),)))
        if table in SYSTEM_GRANTS:
            _allow(SYSTEM, table, SYSTEM_GRANTS[table], SYSTEM_POLICIES[table])


def downgrade() -> None:
    for table in TABLES:
        for command, _ in TENANT_POLICIES.get(table, (("ALL", OWN),)):
            op.execute(f"DROP POLICY {TENANT}_{command.lower()} ON {table}")
        for command, _ in SYSTEM_POLICIES.get(table, ()):
            op.execute(f"DROP POLICY {SYSTEM}_{command.lower()} ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {TENANT}, {SYSTEM}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    # The roles stay: they belong to the cluster, and other databases of it may use them.
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {TENANT}, {SYSTEM}")


def _allow(role: str, table: str, grants: str, policies: tuple[tuple[str, str], ...]) -> None:
    op.execute(f"GRANT {grants} ON {table} TO {role}")
    for command, condition in policies:
        checks = {
            "SELECT": f"USING ({condition})",
            "DELETE": f"USING ({condition})",
            "INSERT": f"WITH CHECK ({condition})",
            # A forecast that ends leaves the condition under which it could be changed.
            "UPDATE": f"USING ({condition}) WITH CHECK (true)",
            "ALL": f"USING ({condition}) WITH CHECK ({condition})",
        }
        op.execute(f"CREATE POLICY {role}_{command.lower()} ON {table} FOR {command} TO {role} {checks[command]}")
