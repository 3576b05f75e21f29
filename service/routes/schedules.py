"""Schedules: declared, read, replaced under a condition, deleted; what they do by hand is in `schedule_runs`."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, no_content
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NAME_TAKEN,
    NOT_FOUND,
    STALE_VERSION,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, changed, created, expected_version, id_from, page_answer
from service.scheduling.asking import check_run
from service.schemas.page import NamedPageQuery
from service.schemas.schedules.resource import ScheduleOut, SchedulePage, new_schedule, same_timing, schedule_out
from service.schemas.schedules.schedule import ScheduleIn
from service.store import audit, schedules
from service.store.schedules import NewSchedule

PATH = "/v1/schedules"

_READ: dict[str, Any] = {"tag": "schedules", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "schedules", "scope": "write"}
_ONE = PATH + "/{schedule_id:str}"


@operation(
    "POST",
    PATH,
    "createSchedule",
    summary="Re-forecast by a rule in local time; by default on the first weekday of each month at 06:00",
    body=ScheduleIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=ScheduleOut, headers=("Location", "ETag", "Idempotent-Replayed"))},
    problems=(INVALID_INPUT, NAME_TAKEN, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def create_schedule(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_schedule, request, body)).response()


def _create_schedule(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, ScheduleIn)
    now = parts.clock()
    sent = sent.with_start(now)
    row = new_schedule(sent, counts_from=now, now=now)
    with parts.database.tenant(caller.workspace_id) as session:
        check_run(session, sent, now=now)
        record = schedules.add(session, row, now=now)
        audit.record(session, actor=caller.actor, action="schedule.create", subject=f"schedule/{record.id}", now=now)
        return keep(session, created(PATH, record, schedule_out(record)))


@operation(
    "GET",
    PATH,
    "listSchedules",
    summary="Schedules in the order they were made",
    query=NamedPageQuery,
    answers={200: Answered(shape=SchedulePage, headers=("Link",))},
    **_READ,
)
def list_schedules(request: Incoming) -> Response[bytes]:
    query = read_query(request, NamedPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = schedules.page(session, after=after_id(query), limit=query.limit, name=query.name)
    return page_answer(request, query, map(schedule_out, records), after).response()


@operation(
    "GET",
    _ONE,
    "getSchedule",
    summary="One schedule",
    answers={200: Answered(shape=ScheduleOut, headers=("ETag",))},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_schedule(request: Incoming, schedule_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = schedules.get(session, id_from(schedule_id, "schedule"))
    return changed(record, schedule_out(record)).response()


@operation(
    "PUT",
    _ONE,
    "replaceSchedule",
    summary="Replace a schedule; with another timing its occurrences count from now on",
    body=ScheduleIn,
    takes=("If-Match",),
    answers={200: Answered(shape=ScheduleOut, headers=("ETag",))},
    problems=(NOT_FOUND, INVALID_INPUT, NAME_TAKEN, STALE_VERSION, CONDITION_MISSING),
    **_WRITE,
)
def replace_schedule(request: Incoming, body: BodyBytes, schedule_id: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(schedule_id, "schedule")
    sent = read_body(request, body, ScheduleIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        old = schedules.hold(session, found)
        version = expected_version(request, lambda: old.version)
        sent = sent.with_start(now)
        row = new_schedule(sent, counts_from=now, now=now)
        if same_timing(row.document, old.document):
            row = NewSchedule(
                name=row.name, document=row.document, counts_from=old.counts_from, next_due_at=old.next_due_at
            )
        check_run(session, sent, now=now)
        record = schedules.replace(session, found, row, expected_version=version, now=now)
        audit.record(session, actor=caller.actor, action="schedule.replace", subject=f"schedule/{found}", now=now)
    return changed(record, schedule_out(record)).response()


@operation(
    "DELETE",
    _ONE,
    "deleteSchedule",
    summary="Delete a schedule and its history; the forecasts it asked for stay",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING),
    **_WRITE,
)
def delete_schedule(request: Incoming, schedule_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(schedule_id, "schedule")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: schedules.get(session, found).version)
        schedules.remove(session, found, expected_version=version)
        audit.record(session, actor=caller.actor, action="schedule.delete", subject=f"schedule/{found}", now=now)
    return no_content()


ROUTES = (create_schedule, list_schedules, get_schedule, replace_schedule, delete_schedule)
