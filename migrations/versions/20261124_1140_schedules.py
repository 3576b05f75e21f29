"""Schedules of re-forecasts, and their runs: one for each occurrence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_schedules_name_length"),
        sa.CheckConstraint("version > 0", name="ck_schedules_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_schedules_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_schedules_workspace_id_name"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_schedules_workspace_id_id"),
    )
    op.create_index("ix_schedules_workspace_id_id", "schedules", ["workspace_id", "id"])
    op.create_index("ix_schedules_running", "schedules", ["next_due_at"], postgresql_where=sa.text("paused_at IS NULL"))
    op.create_table(
        "schedule_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("forecast_id", sa.Uuid(), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('started', 'failed', 'skipped', 'missed')", name="ck_schedule_runs_status_known"
        ),
        sa.CheckConstraint(
            "(status = 'started') = (forecast_id IS NOT NULL)", name="ck_schedule_runs_forecast_when_started"
        ),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="ck_schedule_runs_problem_when_failed"),
        sa.CheckConstraint("(occurrence IS NULL) = (due_at IS NULL)", name="ck_schedule_runs_due_as_an_occurrence"),
        sa.CheckConstraint("char_length(occurrence) BETWEEN 1 AND 200", name="ck_schedule_runs_occurrence_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_schedule_runs_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "schedule_id"],
            ["schedules.workspace_id", "schedules.id"],
            name="fk_schedule_runs_workspace_id_schedule_id_schedules",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "forecast_id"],
            ["forecasts.workspace_id", "forecasts.id"],
            name="fk_schedule_runs_workspace_id_forecast_id_forecasts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_runs"),
        sa.UniqueConstraint(
            "workspace_id", "schedule_id", "occurrence", name="uq_schedule_runs_workspace_id_schedule_id_occurrence"
        ),
    )
    op.create_index(
        "ix_schedule_runs_workspace_id_schedule_id_id", "schedule_runs", ["workspace_id", "schedule_id", "id"]
    )
    op.create_index("ix_schedule_runs_workspace_id_forecast_id", "schedule_runs", ["workspace_id", "forecast_id"])
    for table in ("schedules", "schedule_runs"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tokencast_tenant_all ON {table} TO tokencast_tenant USING ({OWN}) WITH CHECK ({OWN})"
        )
    op.execute(
        "GRANT SELECT, INSERT, DELETE, UPDATE (name, document, counts_from, next_due_at, looked_at, paused_at, "
        "version, updated_at) ON schedules TO tokencast_tenant"
    )
    # Which occurrence a run is of never changes; what was missed may still be run, and a skip taken back.
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (status, forecast_id, problem, requested_by, decided_at) ON schedule_runs "
        "TO tokencast_tenant"
    )
    # The scheduler learns which schedules may be due, and does the rest as their workspace.
    op.execute("GRANT SELECT (id, workspace_id, next_due_at, looked_at, paused_at) ON schedules TO tokencast_system")
    op.execute("CREATE POLICY tokencast_system_select ON schedules FOR SELECT TO tokencast_system USING (true)")


def downgrade() -> None:
    op.drop_table("schedule_runs")
    op.drop_table("schedules")
