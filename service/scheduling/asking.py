"""The forecast that a schedule asks for: today's workloads, fleets and prices under its terms."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.estate.recorded_months import with_recorded_months
from service.estate.stored_plan import in_forecast_request, stored_plan, told_as
from service.forecasting.snapshot import PreparedForecast, prepare
from service.schemas.plan.plan import PlanIn
from service.schemas.plan.terms import TermsIn
from service.schemas.schedules.schedule import ScheduleIn
from service.store import plans


def prepared_run(session: Connection, schedule: ScheduleIn, *, due: date, now: datetime) -> PreparedForecast:
    """Freezes what the schedule forecasts for an occurrence of this local day, with what is known now.

    Raises InvalidInput, by pointers into the schedule.
    """
    today = schedule.local_time(now).date()
    terms, names = _terms_of(session, schedule)
    horizon = schedule.horizon.on(due, terms.fiscal_year_start_month)
    terms = msgspec.structs.replace(terms, as_of=today.isoformat(), horizon=horizon)
    with _told_of(schedule):
        plan = stored_plan(session, terms, names)
        plan = with_recorded_months(session, plan, as_of=today, whole_workspace=names is None)
        return prepare(session, plan, now=now)


def check_run(session: Connection, schedule: ScheduleIn, *, now: datetime) -> None:
    """Raises InvalidInput, by pointers into the schedule, for one that could not run today."""
    prepared_run(session, schedule, due=schedule.local_time(now).date(), now=now)


def _terms_of(session: Connection, schedule: ScheduleIn) -> tuple[TermsIn, list[str] | None]:
    if schedule.plan is None:
        return schedule.terms, schedule.workloads
    record = plans.find_by_names(session, [schedule.plan]).get(schedule.plan)
    findings = Findings()
    if record is None:
        findings.add("/plan", f"{schedule.plan!r} is no plan of this workspace: apply it first")
    plan = PlanIn() if record is None else msgspec.convert(record.document, PlanIn)
    if record is not None and not plan.workloads:
        findings.add("/plan", f"{schedule.plan!r} declares no workloads to forecast")
    findings.end()
    return TermsIn(**{name: getattr(plan, name) for name in TermsIn.__struct_fields__}), [
        workload.name for workload in plan.workloads
    ]


@contextmanager
def _told_of(schedule: ScheduleIn) -> Iterator[None]:
    """Problems of the plan that is forecast, told where the schedule says what led to them."""
    in_request = in_forecast_request(schedule.workloads or ())

    def translate(pointer: str) -> str:
        if schedule.plan is not None:
            return "/plan"
        told = in_request(pointer)
        return told if told.startswith(("/workloads", "/horizon")) else f"/terms{told}"

    with told_as(translate):
        yield
