"""Forecasts on the wire: the state while one is computed, the finished budget and its lines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

import msgspec

from service.schemas.explained.break_even import BreakEvenOut
from service.schemas.explained.decoder_effect import VerdictOut
from service.schemas.explained.sensitivity import DriverOut
from service.schemas.forecast.document import (
    FiscalYearOut,
    FleetOut,
    GroupOut,
    MonthOut,
    OutlookOut,
    TotalOut,
    WarningOut,
    WorkloadCostOut,
)
from service.schemas.page import PageQuery
from service.schemas.workload.resource import WorkloadOut
from service.store.forecasts import ForecastRecord
from service.store.lines import LineRecord

Status = Literal["queued", "running", "succeeded", "failed", "cancelled"]
FINISHED = frozenset({"succeeded", "failed", "cancelled"})

Json = dict[str, Any]


class ForecastQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    status: Status | None = None


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    first_month: str
    months: int


class ForecastState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of any forecast; its budget is beside this once it has succeeded.

    `previous_forecast_id` is the forecast that a re-forecast renews; that one stays as it is.
    """

    id: UUID
    status: Status
    progress_fraction: float
    as_of: date
    seed: int
    draws: int
    model_version: str
    inputs_sha256: str
    currency: str
    horizon: Horizon | None
    problem: Json | None
    previous_forecast_id: UUID | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested_at: datetime | None


class LineOut(msgspec.Struct, frozen=True, kw_only=True):
    """A mean of the budget: one workload, route, meter and month. Lines add up to the totals' means to the cent."""

    id: str
    month: str
    workload: str | None
    cost_center: str | None
    gl_account: str | None
    route: str | None
    kind: str
    meter: str | None
    quantity: float | None
    unit: str | None
    unit_price: Decimal | None
    billed: Decimal
    effective: Decimal


class ForecastOut(ForecastState, frozen=True, kw_only=True):
    """A forecast. The fields of the budget are present when it has succeeded, and only then."""

    total: TotalOut | msgspec.UnsetType = msgspec.UNSET
    annual: list[FiscalYearOut] | msgspec.UnsetType = msgspec.UNSET
    monthly: list[MonthOut] | msgspec.UnsetType = msgspec.UNSET
    lines: list[LineOut] | msgspec.UnsetType = msgspec.UNSET
    workloads: list[WorkloadCostOut] | msgspec.UnsetType = msgspec.UNSET
    providers: list[GroupOut] | msgspec.UnsetType = msgspec.UNSET
    cost_centers: list[GroupOut] | msgspec.UnsetType = msgspec.UNSET
    fleets: list[FleetOut] | msgspec.UnsetType = msgspec.UNSET
    verdicts: list[VerdictOut] | msgspec.UnsetType = msgspec.UNSET
    outlooks: list[OutlookOut] | msgspec.UnsetType = msgspec.UNSET
    break_even: list[BreakEvenOut] | msgspec.UnsetType = msgspec.UNSET
    sensitivity: list[DriverOut] | msgspec.UnsetType = msgspec.UNSET
    bridge: Json | msgspec.UnsetType | None = msgspec.UNSET
    warnings: list[WarningOut] | msgspec.UnsetType = msgspec.UNSET


class ForecastPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ForecastState]
    next_cursor: str | None


class LinePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[LineOut]
    next_cursor: str | None


class WorkloadForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the main job: the stored workload and its forecast."""

    workload: WorkloadOut
    forecast: ForecastOut


def forecast_state(record: ForecastRecord) -> ForecastState:
    first, months = record.horizon_first_month, record.horizon_months
    return ForecastState(
        id=record.id,
        status=cast("Status", record.status),  # the table's check constraint holds the same names
        progress_fraction=record.progress_fraction,
        as_of=record.as_of,
        seed=record.seed,
        draws=record.draws,
        model_version=record.model_version,
        inputs_sha256=record.inputs_sha256,
        currency=record.currency,
        horizon=None if first is None or months is None else Horizon(first_month=f"{first:%Y-%m}", months=months),
        problem=record.problem,
        previous_forecast_id=record.previous_forecast_id,
        queued_at=record.queued_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        cancel_requested_at=record.cancel_requested_at,
    )


def line_out(record: LineRecord) -> LineOut:
    return LineOut(
        id=str(record.position),
        month=f"{record.month:%Y-%m}",
        workload=record.workload,
        cost_center=record.cost_center,
        gl_account=record.gl_account,
        route=record.route,
        kind=record.kind,
        meter=record.meter,
        quantity=None if record.quantity is None else float(record.quantity),
        unit=record.unit,
        unit_price=record.unit_price,
        billed=record.billed,
        effective=record.effective,
    )
