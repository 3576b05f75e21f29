"""The plan of an earlier forecast as it stands today: its terms, with the workloads and fleets that are stored now."""

from datetime import date, datetime

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.estate.measured_points import with_stored_points
from service.estate.recorded_months import with_recorded_months
from service.forecasting.snapshot import known_price_rows
from service.schemas.fleet.fleet import FleetIn
from service.schemas.forecast.reforecast import ReforecastIn
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn
from service.schemas.workload.workload import WorkloadIn
from service.store import fleets, workloads


def renewed_plan(session: Connection, frozen: PlanIn, asked: ReforecastIn, *, now: datetime) -> PlanIn:
    """The frozen plan with today's workloads and fleets of the same names, today's prices and what was recorded since.

    What is not stored stays as it was frozen. Raises InvalidInput for an `as_of` that is no day.
    """
    findings = Findings()
    as_of = asked.resolve_as_of(findings, now.date())
    asked.check(findings)
    findings.end()
    horizon = frozen.horizon if asked.horizon is None else asked.horizon.on(as_of, frozen.fiscal_year_start_month)
    plan = msgspec.structs.replace(
        frozen,
        as_of=as_of.isoformat(),
        horizon=horizon,
        workloads=_workloads(session, frozen.workloads),
    )
    plan = with_stored_points(session, msgspec.structs.replace(plan, fleets=_fleets(session, plan)))
    plan = msgspec.structs.replace(plan, prices=_own_prices(session, plan, as_of))
    return with_recorded_months(session, plan, as_of=as_of, whole_workspace=False)


def _workloads(session: Connection, frozen: list[WorkloadIn]) -> list[WorkloadIn]:
    stored = workloads.find_by_names(session, [workload.name for workload in frozen])
    return [
        msgspec.convert(stored[workload.name].document, WorkloadIn) if workload.name in stored else workload
        for workload in frozen
    ]


def _fleets(session: Connection, plan: PlanIn) -> list[FleetIn]:
    """Those that today's workloads are routed to, and those of the plan."""
    frozen = {fleet.name: fleet for fleet in plan.fleets}
    routed = [
        share.fleet for workload in plan.workloads for routes in workload.routes for share in routes.to if share.fleet
    ]
    names = list(dict.fromkeys([*frozen, *sorted(routed)]))
    stored = fleets.find_by_names(session, names) if names else {}
    return [
        msgspec.convert(stored[name].document, FleetIn) if name in stored else frozen[name]
        for name in names
        if name in stored or name in frozen
    ]


def _own_prices(session: Connection, plan: PlanIn, as_of: date) -> list[PriceIn]:
    """The frozen rows that the price book does not hold: it will be asked for the others again."""
    book = {msgspec.json.encode(row) for row in known_price_rows(session, plan, as_of)}
    return [row for row in plan.prices if msgspec.json.encode(row) not in book]
