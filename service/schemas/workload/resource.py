"""Workloads as a resource: the declared document with its identity, and the request that may ask for a forecast."""

from datetime import datetime
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas.forecast.request import ForecastTermsIn
from service.schemas.workload.workload import WorkloadIn
from service.store.workloads import NewWorkload, WorkloadRecord


class WorkloadPost(WorkloadIn, kw_only=True, frozen=True):
    """A workload; with `forecast`, even an empty one, its budget is computed at once."""

    forecast: ForecastTermsIn | None = None

    def without_forecast(self) -> WorkloadIn:
        """The workload alone, as it is stored and forecast."""
        return WorkloadIn(**{name: getattr(self, name) for name in WorkloadIn.__struct_fields__})


class WorkloadOut(WorkloadIn, kw_only=True, frozen=True):
    id: UUID
    version: int
    plan_id: UUID | None
    created_at: datetime
    updated_at: datetime


class WorkloadPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[WorkloadOut]
    next_cursor: str | None


def new_workload(sent: WorkloadIn) -> NewWorkload:
    """The row of a workload that makes sense; raises InvalidInput with every problem of one that does not."""
    findings = Findings()
    sent.to_workload(findings)
    findings.end()
    return workload_row(sent)


def workload_row(sent: WorkloadIn) -> NewWorkload:
    """The row of a workload whose meaning was checked."""
    document = msgspec.to_builtins(sent)
    document.pop("forecast", None)
    return NewWorkload(
        name=sent.name,
        cost_center=sent.cost_center,
        gl_account=sent.gl_account,
        task=sent.task,
        document=document,
    )


def workload_out(record: WorkloadRecord) -> dict[str, object]:
    """JSON values in the shape of WorkloadOut; the stored document is passed on as it is."""
    return {
        "id": record.id,
        "version": record.version,
        "plan_id": record.plan_id,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        **record.document,
    }
