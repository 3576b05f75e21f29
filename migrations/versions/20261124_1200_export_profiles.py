"""Export profiles: a workspace's own codes and ways of writing, for its files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "export_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="ck_export_profiles_name_length"),
        sa.CheckConstraint("version > 0", name="ck_export_profiles_version_positive"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_export_profiles_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_export_profiles"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_export_profiles_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_export_profiles_workspace_id_name"),
    )
    op.execute("ALTER TABLE export_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (name, document, version, updated_at), DELETE ON export_profiles "
        "TO tokencast_tenant"
    )
    policy = "CREATE POLICY tokencast_tenant_all ON export_profiles FOR ALL TO tokencast_tenant"
    op.execute(f"{policy} USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("export_profiles")
