"""Budgets that are approved and held: versions, overrides, comments, thresholds and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"

# A version keeps the figures it was put forward with: they are in no UPDATE list, whoever approves it.
TENANT_GRANTS = {
    "budgets": "SELECT, INSERT, DELETE, UPDATE (status, version, updated_at, submitted_by, submitted_at, "
    "submitted_reason, approved_by, approved_at, approved_reason, superseded_by, superseded_at, checked_at)",
    "budget_overrides": "SELECT, INSERT, UPDATE (withdrawn_by, withdrawn_at)",
    "budget_comments": "SELECT, INSERT",
    "budget_thresholds": "SELECT, INSERT, UPDATE (removed_at)",
    "budget_alerts": "SELECT, INSERT, UPDATE (cleared_at)",
}


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("forecast_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Numeric(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("expected", sa.Numeric(), nullable=False),
        sa.Column("contingency", sa.Numeric(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_reason", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_reason", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="ck_budgets_submitted_unless_draft"),
        sa.CheckConstraint(
            "(status = 'superseded') = (superseded_at IS NOT NULL)", name="ck_budgets_superseded_at_the_end"
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'superseded')) = (approved_at IS NOT NULL)",
            name="ck_budgets_approved_when_decided",
        ),
        sa.CheckConstraint(
            "amount > '-Infinity'::numeric AND amount < 'Infinity'::numeric", name="ck_budgets_amount_finite"
        ),
        sa.CheckConstraint(
            "contingency > '-Infinity'::numeric AND contingency < 'Infinity'::numeric",
            name="ck_budgets_contingency_finite",
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_budgets_currency_code"),
        sa.CheckConstraint(
            "expected > '-Infinity'::numeric AND expected < 'Infinity'::numeric", name="ck_budgets_expected_finite"
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'superseded')", name="ck_budgets_status_known"
        ),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_budgets_name_length"),
        sa.CheckConstraint("number > 0 AND version > 0", name="ck_budgets_counted_from_one"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "forecast_id"],
            ["forecasts.workspace_id", "forecasts.id"],
            name="fk_budgets_workspace_id_forecast_id_forecasts",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_budgets_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budgets"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_budgets_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "name", "number", name="uq_budgets_workspace_id_name_number"),
    )
    op.create_index("ix_budgets_checked_at", "budgets", ["checked_at"], postgresql_where=sa.text("status = 'approved'"))
    op.create_index("ix_budgets_workspace_id_forecast_id", "budgets", ["workspace_id", "forecast_id"])
    op.create_index(
        "uq_budgets_approved",
        "budgets",
        ["workspace_id", "name"],
        unique=True,
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_table(
        "budget_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("original", sa.Numeric(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "amount > '-Infinity'::numeric AND amount < 'Infinity'::numeric", name="ck_budget_overrides_amount_finite"
        ),
        sa.CheckConstraint(
            "original > '-Infinity'::numeric AND original < 'Infinity'::numeric",
            name="ck_budget_overrides_original_finite",
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="ck_budget_overrides_withdrawn_by_somebody"
        ),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 2000", name="ck_budget_overrides_reason_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "budget_id"],
            ["budgets.workspace_id", "budgets.id"],
            name="fk_budget_overrides_workspace_id_budget_id_budgets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_budget_overrides_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_overrides"),
    )
    op.create_index("ix_budget_overrides_workspace_id_budget_id", "budget_overrides", ["workspace_id", "budget_id"])
    op.create_index(
        "uq_budget_overrides_line",
        "budget_overrides",
        ["budget_id", "line"],
        unique=True,
        postgresql_where=sa.text("line IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_budget_overrides_month",
        "budget_overrides",
        ["budget_id", "month"],
        unique=True,
        postgresql_where=sa.text("line IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "budget_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(comment) BETWEEN 1 AND 2000", name="ck_budget_comments_comment_length"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "budget_id"],
            ["budgets.workspace_id", "budgets.id"],
            name="fk_budget_comments_workspace_id_budget_id_budgets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_budget_comments_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_comments"),
    )
    op.create_index("ix_budget_comments_workspace_id_budget_id", "budget_comments", ["workspace_id", "budget_id"])
    op.create_table(
        "budget_thresholds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("budget_name", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("fraction", sa.Numeric(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0 AND amount < 'Infinity'::numeric", name="ck_budget_thresholds_amount_positive"),
        sa.CheckConstraint("measure IN ('actual', 'forecast')", name="ck_budget_thresholds_measure_known"),
        sa.CheckConstraint("period IN ('total', 'month')", name="ck_budget_thresholds_period_known"),
        sa.CheckConstraint("(fraction IS NULL) <> (amount IS NULL)", name="ck_budget_thresholds_one_limit"),
        sa.CheckConstraint(
            "char_length(budget_name) BETWEEN 1 AND 200", name="ck_budget_thresholds_budget_name_length"
        ),
        sa.CheckConstraint("fraction > 0 AND fraction <= 100", name="ck_budget_thresholds_fraction_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_budget_thresholds_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_thresholds"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_budget_thresholds_workspace_id_id"),
    )
    op.create_index(
        "uq_budget_thresholds_rule",
        "budget_thresholds",
        ["workspace_id", "budget_name", "measure", "period", "fraction", "amount"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "budget_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("threshold_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("limit_amount", sa.Numeric(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("forecast_id", sa.Uuid(), nullable=False),
        sa.Column("crossed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "limit_amount > '-Infinity'::numeric AND limit_amount < 'Infinity'::numeric",
            name="ck_budget_alerts_limit_amount_finite",
        ),
        sa.CheckConstraint(
            "value > '-Infinity'::numeric AND value < 'Infinity'::numeric", name="ck_budget_alerts_value_finite"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "budget_id"],
            ["budgets.workspace_id", "budgets.id"],
            name="fk_budget_alerts_workspace_id_budget_id_budgets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "threshold_id"],
            ["budget_thresholds.workspace_id", "budget_thresholds.id"],
            name="fk_budget_alerts_workspace_id_threshold_id_budget_thresholds",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_budget_alerts_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_budget_alerts"),
    )
    op.create_index("ix_budget_alerts_workspace_id_budget_id", "budget_alerts", ["workspace_id", "budget_id"])
    op.create_index(
        "uq_budget_alerts_open",
        "budget_alerts",
        ["threshold_id", "budget_id", "month"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("cleared_at IS NULL"),
    )

    for table, grants in TENANT_GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grants} ON {table} TO tokencast_tenant")
        _allow(table, "SELECT", f"USING ({OWN})")
        _allow(table, "INSERT", f"WITH CHECK ({OWN})")
    # What is superseded is history, and what anybody has seen submitted cannot be made to vanish.
    _allow("budgets", "UPDATE", f"USING ({OWN} AND status <> 'superseded') WITH CHECK ({OWN})")
    _allow("budgets", "DELETE", f"USING ({OWN} AND status = 'draft')")
    for table in ("budget_overrides", "budget_thresholds", "budget_alerts"):
        _allow(table, "UPDATE", f"USING ({OWN}) WITH CHECK ({OWN})")
    op.execute(
        "GRANT SELECT (id, workspace_id, status, checked_at), UPDATE (checked_at) ON budgets TO tokencast_system"
    )
    op.execute("CREATE POLICY tokencast_system_select ON budgets FOR SELECT TO tokencast_system USING (true)")
    op.execute(
        "CREATE POLICY tokencast_system_update ON budgets FOR UPDATE TO tokencast_system USING (status = 'approved')"
    )


def _allow(table: str, command: str, condition: str) -> None:
    op.execute(
        f"CREATE POLICY tokencast_tenant_{command.lower()} ON {table} FOR {command} TO tokencast_tenant {condition}"
    )


def downgrade() -> None:
    for table in ("budget_alerts", "budget_thresholds", "budget_comments", "budget_overrides", "budgets"):
        op.drop_table(table)
