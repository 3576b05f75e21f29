"""Replays: forecasts computed again from their frozen inputs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "replays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("replayed_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(requested_by) BETWEEN 1 AND 200", name="ck_replays_requested_by_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "id"],
            ["forecasts.workspace_id", "forecasts.id"],
            name="fk_replays_workspace_id_id_forecasts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "replayed_id"],
            ["forecasts.workspace_id", "forecasts.id"],
            name="fk_replays_workspace_id_replayed_id_forecasts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_replays_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
    )
    op.create_index("ix_replays_workspace_id_replayed_id", "replays", ["workspace_id", "replayed_id"])
    op.execute("ALTER TABLE replays ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT ON replays TO tokencast_tenant")
    op.execute(f"CREATE POLICY tokencast_tenant_all ON replays TO tokencast_tenant USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("replays")
