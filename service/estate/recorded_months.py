"""Recorded usage in a plan: the months of its horizon that have ended and of which something is recorded."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings
from forecasts.timeline import Month
from service.schemas.plan.plan import PlanIn
from service.schemas.usage.actual import ActualIn
from service.store import usage
from service.store.usage import MonthTotal


def with_recorded_months(session: Connection, plan: PlanIn, *, as_of: date, whole_workspace: bool) -> PlanIn:
    """The plan with what was recorded, in the place of any recorded months of its own.

    Of a part of the workspace only what its workloads and fleets used counts; of the whole, everything. What is wrong
    with the horizon is told where the plan is checked.
    """
    timeline = plan.resolve_horizon(as_of).to_timeline(Findings(), "", plan.calendar, 1)
    before = min(timeline.first.plus(timeline.months), Month.of(as_of))
    totals = usage.month_totals(session, first=timeline.first.first_day, before=before.first_day)
    if not whole_workspace:
        workloads = {workload.name for workload in plan.workloads}
        routes = {f"fleet:{fleet.name}" for fleet in plan.fleets}
        totals = [
            total
            for total in totals
            if total.workload in workloads or (total.workload is None and total.route in routes)
        ]
    return msgspec.structs.replace(plan, actuals=[_actual(total) for total in totals])


def _actual(total: MonthTotal) -> ActualIn:
    return ActualIn(
        month=f"{total.month:%Y-%m}",
        workload=total.workload,
        route=total.route,
        meter=total.meter,
        quantity=total.quantity,
        billed=total.billed,
        effective=total.effective,
        currency=total.currency,
    )
