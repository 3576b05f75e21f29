"""Who is signed in to the console, and links that sign in once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWN = "workspace_id = NULLIF(current_setting('tokencast.workspace', true), '')::uuid"

# The system's role finds out whose a cookie or a link is, notes that a session is in use, and forgets what has ended.
GRANTS = {
    "console_sessions": {
        "tokencast_tenant": "SELECT, INSERT, DELETE",
        "tokencast_system": "SELECT, UPDATE (last_seen_at), DELETE",
    },
    "sign_in_links": {
        "tokencast_tenant": "SELECT, INSERT, UPDATE (used_at)",
        "tokencast_system": "SELECT, DELETE",
    },
}


def upgrade() -> None:
    _create("console_sessions", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False))
    op.create_index("ix_console_sessions_last_seen_at", "console_sessions", ["last_seen_at"])
    _create("sign_in_links", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
    for table, by_role in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        for role, granted in by_role.items():
            rows = OWN if role == "tokencast_tenant" else "true"
            op.execute(f"GRANT {granted} ON {table} TO {role}")
            op.execute(f"CREATE POLICY {role}_all ON {table} FOR ALL TO {role} USING ({rows}) WITH CHECK ({rows})")


def downgrade() -> None:
    op.drop_table("sign_in_links")
    op.drop_table("console_sessions")


def _create(table: str, moment: sa.Column[object]) -> None:
    """The columns that both tables have, and one moment of its own."""
    op.create_table(
        table,
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        moment,
        sa.CheckConstraint("octet_length(token_hash) = 32", name=f"ck_{table}_token_hash_is_sha256"),
        sa.CheckConstraint("created_at < expires_at", name=f"ck_{table}_expires_later"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=f"fk_{table}_key_id_api_keys", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=f"pk_{table}"),
    )
    for column in ("workspace_id", "key_id", "expires_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])
