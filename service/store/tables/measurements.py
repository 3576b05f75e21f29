"""Measured points of speculative decoding on stored fleets."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Double, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length
from service.store.metadata import Id, Model, Moment, WorkspaceId

# What a point says; where it is from and what was noted do not make a second point.
SAYS = (
    "fleet",
    "method",
    "concurrency",
    "input_tokens",
    "output_tokens",
    "acceptance_length",
    "acceptance_length_includes_bonus",
    "speedup",
    "speedup_over",
    "num_speculative_tokens",
    "measured_on",
)


class Measurements(Model):
    """Added and removed, never changed. A point goes with its fleet, and follows it to another name."""

    __tablename__ = "measurements"
    __table_args__ = (
        Index("uq_measurements_says", "workspace_id", *SAYS, unique=True, postgresql_nulls_not_distinct=True),
        Index(None, "workspace_id", "id"),
        Index(None, "workspace_id", "plan_id"),
        ForeignKeyConstraint(
            ["workspace_id", "fleet"],
            ["fleets.workspace_id", "fleets.name"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "plan_id"], ["plans.workspace_id", "plans.id"], ondelete="SET NULL (plan_id)"
        ),
        length("method", 120),
        length("speedup_over", 120),
        CheckConstraint("(acceptance_length IS NULL) <> (speedup IS NULL)", name="one_figure"),
        CheckConstraint("concurrency >= 1 AND concurrency < 'Infinity'", name="concurrency_positive"),
        CheckConstraint("num_speculative_tokens BETWEEN 1 AND 64", name="draft_length"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    plan_id: Mapped[UUID | None]
    fleet: Mapped[str]
    method: Mapped[str]
    concurrency: Mapped[float] = mapped_column(Double)
    input_tokens: Mapped[float] = mapped_column(Double)
    output_tokens: Mapped[float] = mapped_column(Double)
    acceptance_length: Mapped[float | None] = mapped_column(Double)
    acceptance_length_includes_bonus: Mapped[bool] = mapped_column(Boolean)
    speedup: Mapped[float | None] = mapped_column(Double)
    speedup_over: Mapped[str]
    num_speculative_tokens: Mapped[int | None] = mapped_column(SmallInteger)
    measured_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[Moment]
