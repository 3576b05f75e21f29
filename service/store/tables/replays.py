"""Replays: which forecast was computed again, and which forecast that computation is."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from service.store.constraints import length
from service.store.metadata import Id, Model, Moment, WorkspaceId


class Replays(Model):
    """The id is that of the second computation: a forecast of its own, with the same frozen inputs."""

    __tablename__ = "replays"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "id"], ["forecasts.workspace_id", "forecasts.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "replayed_id"], ["forecasts.workspace_id", "forecasts.id"], ondelete="CASCADE"
        ),
        Index(None, "workspace_id", "replayed_id"),
        length("requested_by", 200),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    replayed_id: Mapped[UUID]
    requested_by: Mapped[str]
    requested_at: Mapped[Moment]
