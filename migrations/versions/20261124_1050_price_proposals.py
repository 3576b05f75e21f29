"""Prices that public catalogues propose, for each workspace to decide about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "price_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("per_tokens", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_tier", sa.Text(), nullable=False),
        sa.Column("prompt_tokens_from", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("date_basis", sa.Text(), nullable=False),
        sa.Column("current_price_id", sa.Uuid(), nullable=True),
        sa.Column("current_rate", sa.Numeric(), nullable=True),
        sa.Column("current_per_tokens", sa.BigInteger(), nullable=True),
        sa.Column("current_source", sa.Text(), nullable=True),
        sa.Column("conditions_hash", sa.LargeBinary(), nullable=False),
        sa.Column("statement_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_price_proposals_currency_code"),
        sa.CheckConstraint("rate >= 0::numeric AND rate < 'Infinity'::numeric", name="ck_price_proposals_rate_finite"),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'rejected', 'superseded')", name="ck_price_proposals_status_known"
        ),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name="ck_price_proposals_decided_at_when_decided"
        ),
        sa.CheckConstraint("char_length(meter) BETWEEN 1 AND 100", name="ck_price_proposals_meter_length"),
        sa.CheckConstraint("char_length(model) BETWEEN 1 AND 200", name="ck_price_proposals_model_length"),
        sa.CheckConstraint("char_length(provider) BETWEEN 1 AND 200", name="ck_price_proposals_provider_length"),
        sa.CheckConstraint("per_tokens > 0", name="ck_price_proposals_per_tokens_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_price_proposals_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_price_proposals"),
    )
    op.create_index(
        "uq_price_proposals_undecided",
        "price_proposals",
        ["workspace_id", "statement_hash"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'rejected')"),
    )
    op.create_index("ix_price_proposals_workspace_id_id", "price_proposals", ["workspace_id", "id"])
    op.create_index(
        "ix_price_proposals_open_conditions",
        "price_proposals",
        ["conditions_hash"],
        postgresql_where=sa.text("status = 'open'"),
    )
    op.execute("ALTER TABLE price_proposals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # What is proposed stays as it was proposed; only the decision is written.
    op.execute("GRANT SELECT, INSERT, UPDATE (status, decided_at, decided_by) ON price_proposals TO tokencast_tenant")
    op.execute(
        f"CREATE POLICY tokencast_tenant_all ON price_proposals TO tokencast_tenant USING ({OWN}) WITH CHECK ({OWN})"
    )


def downgrade() -> None:
    op.drop_table("price_proposals")
