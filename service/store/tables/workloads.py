"""Workloads: what lists and references need as columns, the rest in the document."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId


class Workloads(Model):
    __tablename__ = "workloads"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        Index(None, "workspace_id", "id"),
        Index(None, "workspace_id", "plan_id"),
        ForeignKeyConstraint(
            ["workspace_id", "plan_id"], ["plans.workspace_id", "plans.id"], ondelete="SET NULL (plan_id)"
        ),
        length("name", 200),
        length("cost_center", 200, least=0),
        length("gl_account", 200, least=0),
        length("task", 100),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    plan_id: Mapped[UUID | None]
    name: Mapped[str]
    cost_center: Mapped[str | None]
    gl_account: Mapped[str | None]
    task: Mapped[str | None]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
