"""Who did what."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from service.store.constraints import length
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId


class AuditLog(Model):
    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "workspace_id", "id"), length("actor", 200), length("action", 100))

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[Document]
    created_at: Mapped[Moment]
