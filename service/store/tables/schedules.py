"""Schedules of re-forecasts, and every occurrence of one that ran, failed, was skipped or missed."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length, one_of
from service.store.metadata import Document, Id, Model, Moment, WorkspaceId

RUN_STATUSES = ("started", "failed", "skipped", "missed")


class Schedules(Model):
    """`counts_from` is the instant after which occurrences count: when it was made, changed or resumed.

    `next_due_at` and `looked_at` are notes of the scheduler's for itself: which schedules it has to look at.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "id"),
        Index(None, "workspace_id", "id"),
        Index("ix_schedules_running", "next_due_at", postgresql_where=text("paused_at IS NULL")),
        length("name", 200),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    name: Mapped[str]
    document: Mapped[Document]
    counts_from: Mapped[Moment]
    next_due_at: Mapped[Moment | None]
    looked_at: Mapped[Moment | None]
    paused_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class ScheduleRuns(Model):
    """One row for each occurrence, whoever tries: its key is unique. Runs on demand have no occurrence."""

    __tablename__ = "schedule_runs"
    __table_args__ = (
        UniqueConstraint("workspace_id", "schedule_id", "occurrence"),
        Index(None, "workspace_id", "schedule_id", "id"),
        Index(None, "workspace_id", "forecast_id"),
        ForeignKeyConstraint(
            ["workspace_id", "schedule_id"], ["schedules.workspace_id", "schedules.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "forecast_id"], ["forecasts.workspace_id", "forecasts.id"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("status", RUN_STATUSES), name="status_known"),
        CheckConstraint("(status = 'started') = (forecast_id IS NOT NULL)", name="forecast_when_started"),
        CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem_when_failed"),
        CheckConstraint("(occurrence IS NULL) = (due_at IS NULL)", name="due_as_an_occurrence"),
        length("occurrence", 200),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    schedule_id: Mapped[UUID]
    occurrence: Mapped[str | None]
    due_at: Mapped[Moment | None]
    status: Mapped[str]
    forecast_id: Mapped[UUID | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    requested_by: Mapped[str]
    decided_at: Mapped[Moment]
