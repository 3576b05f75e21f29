"""A preview on the wire: what a workload or a fleet would cost as it is being typed; nothing of it is stored."""

from collections.abc import Callable
from datetime import date

import msgspec

from forecasts.budgeting.budget import Budget
from service.schemas.explained.decoder_effect import VerdictOut
from service.schemas.figures import Figure
from service.schemas.fleet.fleet import FleetIn
from service.schemas.forecast.document import (
    ForecastDocument,
    GroupOut,
    MonthOut,
    TotalOut,
    WarningOut,
)
from service.schemas.forecast.forecast import Horizon
from service.schemas.wire import Wire
from service.schemas.workload.workload import WorkloadIn


class PreviewIn(Wire, kw_only=True, frozen=True):
    """Either a workload, forecast alone with the stored fleets that it names; or a fleet with what is routed to it."""

    workload: WorkloadIn | None = None
    fleet: FleetIn | None = None


class PreviewFleetMonthOut(msgspec.Struct, kw_only=True, frozen=True):
    month: str
    nodes: Figure
    utilization_fraction: float


class PreviewFleetOut(GroupOut, kw_only=True, frozen=True):
    months: tuple[PreviewFleetMonthOut, ...]


class PreviewOut(msgspec.Struct, kw_only=True, frozen=True):
    """The twelve months after `as_of` on few draws, in the shapes of a forecast.

    `total` is all of it: of a workload with the whole of its fleets, of a fleet with all that its workloads cost.
    Pointers of warnings lead into what was sent.
    """

    as_of: date
    horizon: Horizon
    draws: int
    currency: str
    total: TotalOut
    monthly: tuple[MonthOut, ...]
    workloads: tuple[GroupOut, ...]
    fleets: tuple[PreviewFleetOut, ...]
    verdicts: tuple[VerdictOut, ...]
    warnings: tuple[WarningOut, ...]


def preview_out(budget: Budget, *, as_of: date, draws: int, translate: Callable[[str], str]) -> PreviewOut:
    """`translate` leads pointers into the plan to what was sent."""
    document = ForecastDocument.of(budget)
    return PreviewOut(
        as_of=as_of,
        horizon=Horizon(first_month=str(budget.timeline.first), months=budget.timeline.months),
        draws=draws,
        currency=budget.currency,
        total=document.total,
        monthly=document.monthly,
        workloads=tuple(
            GroupOut(name=one.name, effective=one.effective, billed=one.billed) for one in document.workloads
        ),
        fleets=tuple(
            PreviewFleetOut(
                name=fleet.name,
                effective=fleet.effective,
                billed=fleet.billed,
                months=tuple(
                    PreviewFleetMonthOut(
                        month=one.month, nodes=one.nodes, utilization_fraction=one.utilization_fraction
                    )
                    for one in fleet.months
                ),
            )
            for fleet in document.fleets
        ),
        verdicts=document.verdicts,
        warnings=tuple(
            WarningOut(type=one.type, pointer=translate(one.pointer), detail=one.detail) for one in document.warnings
        ),
    )
