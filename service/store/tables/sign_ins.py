"""Who is signed in to the console, and the links that sign somebody in once."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.metadata import Model, Moment, WorkspaceId


class ConsoleSessions(Model):
    __tablename__ = "console_sessions"
    __table_args__ = (
        Index(None, "workspace_id"),
        Index(None, "key_id"),
        Index(None, "last_seen_at"),
        Index(None, "expires_at"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("created_at < expires_at", name="expires_later"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]


class SignInLinks(Model):
    __tablename__ = "sign_in_links"
    __table_args__ = (
        Index(None, "workspace_id"),
        Index(None, "key_id"),
        Index(None, "expires_at"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("created_at < expires_at", name="expires_later"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
