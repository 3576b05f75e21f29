"""Webhooks: endpoints, their secrets, deliveries and attempts, and a role of its own for what delivers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"
TENANT, DELIVERY = "tokencast_tenant", "tokencast_delivery"
CLAIM = "claim_token, lease_expires_at"

# Roles belong to the whole cluster: another database may have made this one, or be making it at this moment. From
# version 16 on, whoever makes a role may grant it but must say that the grant allows SET ROLE.
JOIN_ROLE = f"""
DO $$
DECLARE
    modern boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DELIVERY}') THEN
            CREATE ROLE {DELIVERY} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT pg_has_role(current_user, '{DELIVERY}', CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
        BEGIN
            IF modern THEN
                EXECUTE format('GRANT {DELIVERY} TO %I WITH SET TRUE, INHERIT FALSE', current_user);
            ELSE
                EXECUTE format('GRANT {DELIVERY} TO %I', current_user);
            END IF;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;
END
$$
"""

TENANT_GRANTS = {
    "webhook_endpoints": "SELECT, INSERT, DELETE, UPDATE (url, description, events, envelope, disabled_at, "
    "disabled_reason, failing_since, resting_until, version, updated_at)",
    # Written and outlived, but never read back: only what delivers can sign.
    "webhook_secrets": "SELECT (id, workspace_id, endpoint_id, created_at, expires_at), INSERT, UPDATE (expires_at)",
    "webhook_deliveries": "SELECT, INSERT, UPDATE (status, failures, due_at, claim_token, lease_expires_at, "
    "last_error, finished_at)",
    "webhook_attempts": "SELECT",
}
DELIVERY_GRANTS = {
    "webhook_endpoints": "SELECT (id, workspace_id, url, events, envelope, disabled_at, failing_since, resting_until, "
    "version), UPDATE (disabled_at, disabled_reason, failing_since, resting_until, version)",
    "webhook_secrets": "SELECT, DELETE",
    "webhook_deliveries": "SELECT, INSERT, DELETE, UPDATE (status, attempts, failures, due_at, claim_token, "
    "lease_expires_at, last_status_code, last_error, finished_at)",
    "webhook_attempts": "SELECT (delivery_id), INSERT",
    "outbox": "SELECT, UPDATE (published_at)",
}


def upgrade() -> None:
    _endpoints()
    _secrets()
    _deliveries()
    _attempts()
    op.execute(JOIN_ROLE)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {DELIVERY}")
    for table, grants in TENANT_GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grants} ON {table} TO {TENANT}")
        op.execute(f"CREATE POLICY {TENANT}_all ON {table} FOR ALL TO {TENANT} USING ({OWN}) WITH CHECK ({OWN})")
    for table, grants in DELIVERY_GRANTS.items():
        op.execute(f"GRANT {grants} ON {table} TO {DELIVERY}")
        op.execute(f"CREATE POLICY {DELIVERY}_all ON {table} FOR ALL TO {DELIVERY} USING (true) WITH CHECK (true)")


def downgrade() -> None:
    op.execute(f"DROP POLICY {DELIVERY}_all ON outbox")
    op.execute(f"REVOKE ALL ON outbox FROM {DELIVERY}")
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table)
    # The role stays: it belongs to the cluster, and other databases of it may use it.
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {DELIVERY}")


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(url) BETWEEN 1 AND 2000", name="ck_webhook_endpoints_url_length"),
        sa.CheckConstraint(
            "char_length(description) BETWEEN 0 AND 200", name="ck_webhook_endpoints_description_length"
        ),
        sa.CheckConstraint("cardinality(events) > 0", name="ck_webhook_endpoints_some_event"),
        sa.CheckConstraint("envelope IN ('standard', 'cloudevents')", name="ck_webhook_endpoints_envelope_known"),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_reason IS NULL)", name="ck_webhook_endpoints_disabled_for_a_reason"
        ),
        sa.CheckConstraint("version > 0", name="ck_webhook_endpoints_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_webhook_endpoints_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_webhook_endpoints_workspace_id_id"),
    )


def _secrets() -> None:
    op.create_table(
        "webhook_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(secret) BETWEEN 1 AND 200", name="ck_webhook_secrets_secret_length"),
        *_owned("webhook_secrets", "endpoint_id", "webhook_endpoints"),
    )
    op.create_index("ix_webhook_secrets_workspace_id_endpoint_id", "webhook_secrets", ["workspace_id", "endpoint_id"])
    op.create_index(
        "uq_webhook_secrets_current",
        "webhook_secrets",
        ["workspace_id", "endpoint_id"],
        unique=True,
        postgresql_where=sa.text("expires_at IS NULL"),
    )


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status_code", sa.SmallInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'delivered', 'dead')", name="ck_webhook_deliveries_status_known"),
        sa.CheckConstraint(
            "(status = 'pending') = (finished_at IS NULL)", name="ck_webhook_deliveries_finished_when_decided"
        ),
        sa.CheckConstraint(
            "(claim_token IS NULL) = (lease_expires_at IS NULL)", name="ck_webhook_deliveries_lease_when_claimed"
        ),
        sa.CheckConstraint(
            "status = 'pending' OR claim_token IS NULL", name="ck_webhook_deliveries_claimed_while_pending"
        ),
        sa.CheckConstraint("octet_length(body) BETWEEN 1 AND 20000", name="ck_webhook_deliveries_body_size"),
        sa.CheckConstraint("char_length(event) BETWEEN 1 AND 100", name="ck_webhook_deliveries_event_length"),
        *_owned("webhook_deliveries", "endpoint_id", "webhook_endpoints"),
        sa.UniqueConstraint("event_id", "endpoint_id", name="uq_webhook_deliveries_event_id_endpoint_id"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_webhook_deliveries_workspace_id_id"),
    )
    for name, columns, where in (
        ("workspace_id_endpoint_id_id", ["workspace_id", "endpoint_id", "id"], None),
        ("due", ["endpoint_id", "due_at", "event_id"], sa.text("finished_at IS NULL")),
        ("waiting", ["endpoint_id", "subject", "event_id"], sa.text("status = 'pending'")),
        ("claimed", ["endpoint_id"], sa.text("claim_token IS NOT NULL")),
        ("dead", ["workspace_id", "id"], sa.text("status = 'dead'")),
        ("finished", ["finished_at"], sa.text("status <> 'pending'")),
    ):
        op.create_index(f"ix_webhook_deliveries_{name}", "webhook_deliveries", columns, postgresql_where=where)


def _attempts() -> None:
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.SmallInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answer_begins", sa.Text(), nullable=True),
        sa.CheckConstraint("number > 0", name="ck_webhook_attempts_counted_from_one"),
        sa.CheckConstraint("status_code IS NOT NULL OR error IS NOT NULL", name="ck_webhook_attempts_some_outcome"),
        *_owned("webhook_attempts", "delivery_id", "webhook_deliveries"),
        sa.UniqueConstraint("delivery_id", "number", name="uq_webhook_attempts_delivery_id_number"),
    )
    op.create_index("ix_webhook_attempts_workspace_id_delivery_id", "webhook_attempts", ["workspace_id", "delivery_id"])


def _owned(table: str, column: str, owner: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every table here has: its id, its workspace, and the row of the same workspace it goes with."""
    return (
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", column],
            [f"{owner}.workspace_id", f"{owner}.id"],
            name=f"fk_{table}_{column.removesuffix('_id')}",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
