"""Fleets: what lists and references need as columns, the rest in the document."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, length
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId


class Fleets(Model):
    __tablename__ = "fleets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        Index(None, "workspace_id", "id"),
        Index(None, "workspace_id", "plan_id"),
        # The workspace is part of the reference, so that no row can point into another workspace.
        ForeignKeyConstraint(
            ["workspace_id", "plan_id"], ["plans.workspace_id", "plans.id"], ondelete="SET NULL (plan_id)"
        ),
        length("name", 200),
        length("cost_center", 200, least=0),
        length("accelerator", 200),
        length("serves", 200),
        CheckConstraint("nodes >= 0", name="nodes_not_negative"),
        CheckConstraint("version > 0", name="version_positive"),
        currency_code(),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    plan_id: Mapped[UUID | None]
    name: Mapped[str]
    cost_center: Mapped[str | None]
    accelerator: Mapped[str]
    serves: Mapped[str]
    nodes: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str]
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
