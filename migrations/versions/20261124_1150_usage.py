"""Recorded usage, and the months that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("workload", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("billed", sa.Numeric(), nullable=False),
        sa.Column("effective", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("date_trunc('month', month) = month", name="ck_usage_month_begins"),
        sa.CheckConstraint("day >= month AND day < month + interval '1 month'", name="ck_usage_day_of_its_month"),
        sa.CheckConstraint(
            "quantity >= 0::numeric AND quantity < 'Infinity'::numeric", name="ck_usage_quantity_finite"
        ),
        *(
            sa.CheckConstraint(
                f"{column} > '-Infinity'::numeric AND {column} < 'Infinity'::numeric", name=f"ck_usage_{column}_finite"
            )
            for column in ("billed", "effective")
        ),
        *(
            sa.CheckConstraint(f"char_length({column}) BETWEEN 1 AND {most}", name=f"ck_usage_{column}_length")
            for column, most in (("workload", 200), ("route", 300), ("meter", 120))
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_usage_currency_code"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_usage_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
    )
    op.create_index(
        "uq_usage_key",
        "usage",
        ["workspace_id", "month", "day", "workload", "route", "meter"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_usage_workspace_id_id", "usage", ["workspace_id", "id"])
    op.create_table(
        "closed_months",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("date_trunc('month', month) = month", name="ck_closed_months_month_begins"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_closed_months_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "month", name="pk_closed_months"),
    )
    for table in ("usage", "closed_months"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tokencast_tenant_all ON {table} TO tokencast_tenant USING ({OWN}) WITH CHECK ({OWN})"
        )
    # A total can be corrected while its month is open; what it is of never changes, and none is taken away.
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (quantity, billed, effective, currency, source, recorded_by, recorded_at) "
        "ON usage TO tokencast_tenant"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON closed_months TO tokencast_tenant")


def downgrade() -> None:
    op.drop_table("closed_months")
    op.drop_table("usage")
