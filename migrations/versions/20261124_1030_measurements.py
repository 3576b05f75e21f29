"""Measured points of speculative decoding, each on a fleet of its workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "measurements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("fleet", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("concurrency", sa.Double(), nullable=False),
        sa.Column("input_tokens", sa.Double(), nullable=False),
        sa.Column("output_tokens", sa.Double(), nullable=False),
        sa.Column("acceptance_length", sa.Double(), nullable=True),
        sa.Column("acceptance_length_includes_bonus", sa.Boolean(), nullable=False),
        sa.Column("speedup", sa.Double(), nullable=True),
        sa.Column("speedup_over", sa.Text(), nullable=False),
        sa.Column("num_speculative_tokens", sa.SmallInteger(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(acceptance_length IS NULL) <> (speedup IS NULL)", name="ck_measurements_one_figure"),
        sa.CheckConstraint(
            "concurrency >= 1 AND concurrency < 'Infinity'", name="ck_measurements_concurrency_positive"
        ),
        sa.CheckConstraint("num_speculative_tokens BETWEEN 1 AND 64", name="ck_measurements_draft_length"),
        sa.CheckConstraint("char_length(method) BETWEEN 1 AND 120", name="ck_measurements_method_length"),
        sa.CheckConstraint("char_length(speedup_over) BETWEEN 1 AND 120", name="ck_measurements_speedup_over_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "fleet"],
            ["fleets.workspace_id", "fleets.name"],
            name="fk_measurements_workspace_id_fleet_fleets",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "plan_id"],
            ["plans.workspace_id", "plans.id"],
            name="fk_measurements_workspace_id_plan_id_plans",
            ondelete="SET NULL (plan_id)",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_measurements_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_measurements"),
    )
    op.create_index(
        "uq_measurements_says",
        "measurements",
        [
            "workspace_id",
            "fleet",
            "method",
            "concurrency",
            "input_tokens",
            "output_tokens",
            "acceptance_length",
            "acceptance_length_includes_bonus",
            "speedup",
            "speedup_over",
            "num_speculative_tokens",
            "measured_on",
        ],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_measurements_workspace_id_id", "measurements", ["workspace_id", "id"], unique=False)
    op.create_index("ix_measurements_workspace_id_plan_id", "measurements", ["workspace_id", "plan_id"], unique=False)
    op.execute("ALTER TABLE measurements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # A point is added or removed; what it says never changes.
    op.execute("GRANT SELECT, INSERT, DELETE ON measurements TO tokencast_tenant")
    policy = "CREATE POLICY tokencast_tenant_all ON measurements FOR ALL TO tokencast_tenant"
    op.execute(f"{policy} USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("measurements")
