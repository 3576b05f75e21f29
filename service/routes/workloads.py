"""Workloads; creating one with a `forecast` object is the main job in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.concurrency import sync_to_thread
from sqlalchemy import Connection

from service.answers import Answer, json_answer, no_content
from service.estate.references import check_workload
from service.estate.stored_plan import in_workload_post, plan_with_fleets, told_as
from service.forecasting.new_forecast import add_forecast
from service.forecasting.snapshot import prepare
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NAME_TAKEN,
    NOT_FOUND,
    STALE_VERSION,
)
from service.protocol.forecast_answers import accepted, finished_within, location_of, whole_forecast
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query, seconds_to_wait
from service.protocol.resources import after_id, changed, created, expected_version, id_from, page_answer, shown
from service.schemas.forecast.forecast import WorkloadForecast
from service.schemas.page import NamedPageQuery
from service.schemas.workload.resource import (
    WorkloadOut,
    WorkloadPage,
    WorkloadPost,
    new_workload,
    workload_out,
    workload_row,
)
from service.schemas.workload.workload import WorkloadIn
from service.store import audit, workloads
from service.store.forecasts import ForecastRecord
from service.store.statements import Write

PATH = "/v1/workloads"

_READ: dict[str, Any] = {"tag": "workloads", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "workloads", "scope": "write"}


@dataclass(frozen=True)
class _Asked:
    """A workload stored together with a forecast of it that may be waited for."""

    forecast_id: UUID
    workload: dict[str, object]
    keep: Keep


@operation(
    "POST",
    PATH,
    "createWorkload",
    summary="Declare a workload; with a `forecast` object, also ask for its annual budget",
    body=WorkloadPost,
    takes=("Prefer", "Idempotency-Key"),
    answers={
        201: Answered(
            shape=(WorkloadOut, WorkloadForecast),
            headers=("Location", "ETag", "Preference-Applied", "Idempotent-Replayed"),
            description="Stored; with a forecast, that is finished within the time to wait.",
        ),
        202: Answered(
            shape=WorkloadForecast,
            headers=("Location", "Retry-After", "Idempotent-Replayed"),
            description="Stored, and the forecast at Location is accepted.",
        ),
    },
    problems=(INVALID_INPUT, NAME_TAKEN, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
async def create_workload(request: Incoming, body: BodyBytes) -> Response[bytes]:
    seconds = seconds_to_wait(request)
    asked: list[_Asked] = []
    answer = await sync_to_thread(answer_once, request, body, partial(_create_workload, request, body, asked.append))
    if seconds is None or not asked:
        return answer.response()
    [stored] = asked

    def finished(session: Connection, record: ForecastRecord) -> Answer:
        both = {"workload": stored.workload, "forecast": whole_forecast(session, record)}
        headers = {"Location": location_of(record.id), "Preference-Applied": f"wait={seconds}"}
        return stored.keep(session, json_answer(both, status=201, headers=headers))

    found = await finished_within(request, stored.forecast_id, seconds, finished, just_asked=True)
    return (found or answer).response()


def _create_workload(request: Incoming, body: bytes, asked: Callable[[_Asked], None], keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, WorkloadPost)
    # With a forecast the whole plan is checked at once, so that problems of workload and terms are told together.
    row = new_workload(sent) if sent.forecast is None else workload_row(sent)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:

        def deed(workload_id: UUID) -> Write:
            subject = f"workload/{workload_id}"
            return audit.deed(session, actor=caller.actor, action="workload.create", subject=subject, now=now)

        record = workloads.add(session, row, now=now, beside=deed)
        if sent.forecast is None:
            check_workload(session, sent, parts.priced_models)
            return keep(session, created(PATH, record, workload_out(record)))
        with told_as(in_workload_post):
            prepared = prepare(session, plan_with_fleets(session, sent.forecast, [sent.without_forecast()]), now=now)
        state = add_forecast(session, prepared, requested_by=caller.actor, now=now)
        stored = workload_out(record)
        answer = keep(session, accepted(state.id, {"workload": stored, "forecast": state}))
    parts.queue.send_forecast(state.id, caller.workspace_id)
    asked(_Asked(state.id, stored, keep))
    return answer


@operation(
    "GET",
    PATH,
    "listWorkloads",
    summary="Workloads in the order they were made",
    query=NamedPageQuery,
    answers={200: Answered(shape=WorkloadPage, headers=("Link",))},
    **_READ,
)
def list_workloads(request: Incoming) -> Response[bytes]:
    query = read_query(request, NamedPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = workloads.page(session, after=after_id(query), limit=query.limit, name=query.name)
    return page_answer(request, query, map(workload_out, records), after).response()


@operation(
    "GET",
    PATH + "/{workload_id:str}",
    "getWorkload",
    summary="One workload",
    takes=("If-None-Match",),
    answers={200: Answered(shape=WorkloadOut, headers=("ETag",)), 304: Answered(description="Not modified.")},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_workload(request: Incoming, workload_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = workloads.get(session, id_from(workload_id, "workload"))
    return shown(request, record, workload_out(record)).response()


@operation(
    "PUT",
    PATH + "/{workload_id:str}",
    "replaceWorkload",
    summary="Replace a workload that has not changed since it was read",
    body=WorkloadIn,
    takes=("If-Match",),
    answers={200: Answered(shape=WorkloadOut, headers=("ETag",))},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, NAME_TAKEN, INVALID_INPUT),
    **_WRITE,
)
def replace_workload(request: Incoming, body: BodyBytes, workload_id: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(workload_id, "workload")
    sent = read_body(request, body, WorkloadIn)
    row = new_workload(sent)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: workloads.get(session, found).version)
        record = workloads.replace(session, found, row, expected_version=version, now=now)
        check_workload(session, sent, parts.priced_models)
        audit.record(session, actor=caller.actor, action="workload.replace", subject=f"workload/{found}", now=now)
    return changed(record, workload_out(record)).response()


@operation(
    "DELETE",
    PATH + "/{workload_id:str}",
    "deleteWorkload",
    summary="Delete a workload; forecasts of it stay as they are",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING),
    **_WRITE,
)
def delete_workload(request: Incoming, workload_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(workload_id, "workload")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: workloads.get(session, found).version)
        workloads.remove(session, found, expected_version=version)
        audit.record(session, actor=caller.actor, action="workload.delete", subject=f"workload/{found}", now=now)
    return no_content()


ROUTES = (create_workload, list_workloads, get_workload, replace_workload, delete_workload)
