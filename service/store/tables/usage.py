"""What was really used and paid, by day or month; and the months whose books are closed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, finite, length
from service.store.metadata import Id, Model, Moment, WorkspaceId

# What one total is of; a month is told whole or by its days, `day` being null for a whole one.
KEY = ("month", "day", "workload", "route", "meter")


class Usage(Model):
    __tablename__ = "usage"
    __table_args__ = (
        Index("uq_usage_key", "workspace_id", *KEY, unique=True, postgresql_nulls_not_distinct=True),
        Index(None, "workspace_id", "id"),
        CheckConstraint("date_trunc('month', month) = month", name="month_begins"),
        CheckConstraint("day >= month AND day < month + interval '1 month'", name="day_of_its_month"),
        finite("quantity", "0"),
        finite("billed"),
        finite("effective"),
        length("workload", 200),
        length("route", 300),
        length("meter", 120),
        currency_code(),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    month: Mapped[date] = mapped_column(Date)
    day: Mapped[date | None] = mapped_column(Date)
    workload: Mapped[str | None]
    route: Mapped[str]
    meter: Mapped[str]
    quantity: Mapped[Decimal]
    billed: Mapped[Decimal]
    effective: Mapped[Decimal]
    currency: Mapped[str]
    source: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[Moment]


class ClosedMonths(Model):
    """A month is closed while it has a row; what was recorded for it stands."""

    __tablename__ = "closed_months"
    __table_args__ = (CheckConstraint("date_trunc('month', month) = month", name="month_begins"),)

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    closed_by: Mapped[str]
    closed_at: Mapped[Moment]
