"""Plan files as they were applied."""

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId


class Plans(Model):
    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "id"),
        length("name", 200),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
