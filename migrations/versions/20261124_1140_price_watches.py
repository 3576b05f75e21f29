"""Changed prices of models in use, waiting for a worker to say what they do to the annual number."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"
CLAIM = "claim_token, lease_expires_at"


def upgrade() -> None:
    op.create_table(
        "price_watches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("price_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.CheckConstraint("cardinality(price_ids) > 0", name="ck_price_watches_some_price"),
        sa.CheckConstraint(
            "(claim_token IS NULL) = (lease_expires_at IS NULL)", name="ck_price_watches_lease_when_claimed"
        ),
        sa.CheckConstraint("char_length(meter) BETWEEN 1 AND 100", name="ck_price_watches_meter_length"),
        sa.CheckConstraint("char_length(model) BETWEEN 1 AND 200", name="ck_price_watches_model_length"),
        sa.CheckConstraint("char_length(provider) BETWEEN 1 AND 200", name="ck_price_watches_provider_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_price_watches_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_price_watches"),
    )
    op.create_index("ix_price_watches_workspace_id_id", "price_watches", ["workspace_id", "id"])
    op.execute("ALTER TABLE price_watches ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE ({CLAIM}, attempt) ON price_watches TO tokencast_tenant")
    op.execute(
        f"CREATE POLICY tokencast_tenant_all ON price_watches TO tokencast_tenant USING ({OWN}) WITH CHECK ({OWN})"
    )
    # Housekeeping sends watches and gives them up; which price changed is no business of its.
    op.execute(
        f"GRANT SELECT (id, workspace_id, queued_at, sent_at, {CLAIM}, attempt), UPDATE (sent_at, {CLAIM}), DELETE "
        "ON price_watches TO tokencast_system"
    )
    op.execute("CREATE POLICY tokencast_system_all ON price_watches TO tokencast_system USING (true) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("price_watches")
