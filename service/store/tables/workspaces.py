"""Who the rows belong to, and the keys that open a workspace."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length
from service.store.metadata import Id, Model, Moment, WorkspaceId


class Workspaces(Model):
    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("name"), length("name", 200))

    id: Mapped[Id]
    name: Mapped[str]
    created_at: Mapped[Moment]


class ApiKeys(Model):
    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("prefix"),
        Index(None, "workspace_id", "id"),
        length("name", 200),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash_is_sha256"),
        CheckConstraint("scopes <@ ARRAY['read', 'write', 'approve', 'admin']", name="scopes_known"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    prefix: Mapped[str]
    secret_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
