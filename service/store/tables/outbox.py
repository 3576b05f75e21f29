"""Events to deliver, written in the transaction that caused them."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from service.store.constraints import length
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId


class Outbox(Model):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
        Index(None, "workspace_id", "id"),
        length("event", 100),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    event: Mapped[str]
    subject: Mapped[str]
    data: Mapped[Document]
    created_at: Mapped[Moment]
    published_at: Mapped[Moment | None]
