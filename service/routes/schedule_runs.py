"""What a schedule does: its occurrences ahead and its runs behind; paused, resumed, run on demand, skipped."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response
from sqlalchemy import Connection

from service.answers import Answer, json_answer
from service.problem_types import (
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NOT_FOUND,
    NOTHING_AHEAD,
)
from service.protocol.forecast_answers import accepted
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_query
from service.protocol.resources import after_id, changed, id_from, page_answer
from service.refusals import NothingAhead
from service.routes.schedules import PATH
from service.scheduling.deciding import skip, start
from service.schemas.forecast.forecast import ForecastState, forecast_state
from service.schemas.page import PageQuery
from service.schemas.schedules.resource import (
    OccurrenceList,
    OccurrenceOut,
    OccurrencesQuery,
    RunPage,
    ScheduleOut,
    declared_timing,
    occurrences_out,
    run_out,
    schedule_out,
)
from service.store import audit, forecasts, schedule_runs, schedules
from service.store.schedules import ScheduleRecord

_READ: dict[str, Any] = {"tag": "schedules", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "schedules", "scope": "write"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)
_ONE = PATH + "/{schedule_id:str}"


@operation(
    "GET",
    _ONE + "/occurrences",
    "listOccurrences",
    summary="The next occurrences of a schedule, ten unless asked for more or fewer",
    query=OccurrencesQuery,
    answers={200: Answered(shape=OccurrenceList)},
    problems=(NOT_FOUND,),
    **_READ,
)
def list_occurrences(request: Incoming, schedule_id: PathText) -> Response[bytes]:
    parts = parts_of(request)
    query = read_query(request, OccurrencesQuery)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = schedules.get(session, id_from(schedule_id, "schedule"))
        ahead = declared_timing(record).after(parts.clock(), query.count)
        known = schedule_runs.statuses(session, record.id, [one.key for one in ahead])
    return json_answer(occurrences_out(ahead, known)).response()


@operation(
    "GET",
    _ONE + "/runs",
    "listScheduleRuns",
    summary="What became of the occurrences of a schedule, and its runs on demand, the newest first",
    query=PageQuery,
    answers={200: Answered(shape=RunPage, headers=("Link",))},
    problems=(NOT_FOUND,),
    **_READ,
)
def list_runs(request: Incoming, schedule_id: PathText) -> Response[bytes]:
    found = id_from(schedule_id, "schedule")
    query = read_query(request, PageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        schedules.get(session, found)
        records, after = schedule_runs.page(session, found, after=after_id(query), limit=query.limit)
    return page_answer(request, query, map(run_out, records), after).response()


@operation(
    "POST",
    _ONE + "/pause",
    "pauseSchedule",
    summary="Pause a schedule; what falls due meanwhile does not run",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=ScheduleOut, headers=("ETag", "Idempotent-Replayed"))},
    problems=(NOT_FOUND, *_ONCE),
    **_WRITE,
)
def pause_schedule(request: Incoming, body: BodyBytes, schedule_id: PathText) -> Response[bytes]:
    def pause(session: Connection, record: ScheduleRecord, now: datetime) -> Answer:
        paused = schedules.pause(session, record.id, now=now)
        return changed(paused, schedule_out(paused))

    return _done(request, body, schedule_id, "schedule.pause", pause)


@operation(
    "POST",
    _ONE + "/resume",
    "resumeSchedule",
    summary="Let a paused schedule go on with its next occurrence",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=ScheduleOut, headers=("ETag", "Idempotent-Replayed"))},
    problems=(NOT_FOUND, INVALID_INPUT, *_ONCE),
    **_WRITE,
)
def resume_schedule(request: Incoming, body: BodyBytes, schedule_id: PathText) -> Response[bytes]:
    def resume(session: Connection, record: ScheduleRecord, now: datetime) -> Answer:
        ahead = declared_timing(record).after(now, 1)
        next_due_at = ahead[0].due_at if ahead else None
        resumed = schedules.resume(session, record.id, next_due_at=next_due_at, now=now)
        return changed(resumed, schedule_out(resumed))

    return _done(request, body, schedule_id, "schedule.resume", resume)


@operation(
    "POST",
    _ONE + "/skip",
    "skipOccurrence",
    summary="Skip the next occurrence that is to run; what comes after it stays",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=OccurrenceOut, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, NOTHING_AHEAD, INVALID_INPUT, *_ONCE),
    **_WRITE,
)
def skip_occurrence(request: Incoming, body: BodyBytes, schedule_id: PathText) -> Response[bytes]:
    def skip_next(session: Connection, record: ScheduleRecord, now: datetime) -> Answer:
        skipped = skip(session, record, actor=caller_of(request).actor, now=now)
        if skipped is None:
            raise NothingAhead
        return json_answer(occurrences_out([skipped], {skipped.key: "skipped"}).items[0])

    return _done(request, body, schedule_id, "schedule.skip", skip_next)


@operation(
    "POST",
    _ONE + "/run",
    "runSchedule",
    summary="Ask for the schedule's forecast now, beside its occurrences",
    takes=("Idempotency-Key",),
    answers={
        202: Answered(
            shape=ForecastState,
            headers=("Location", "Retry-After", "Idempotent-Replayed"),
            description="Accepted; look at Location.",
        )
    },
    problems=(NOT_FOUND, INVALID_INPUT, *_ONCE),
    **_WRITE,
)
def run_schedule(request: Incoming, body: BodyBytes, schedule_id: PathText) -> Response[bytes]:
    asked: list[UUID] = []

    def run(session: Connection, record: ScheduleRecord, now: datetime) -> Answer:
        forecast_id = start(session, record, None, actor=caller_of(request).actor, now=now)
        asked.append(forecast_id)
        return accepted(forecast_id, forecast_state(forecasts.get(session, forecast_id)))

    response = _done(request, body, schedule_id, "schedule.run", run)
    for forecast_id in asked:
        parts_of(request).queue.send_forecast(forecast_id, caller_of(request).workspace_id)
    return response


def _done(
    request: Incoming,
    body: bytes,
    schedule_id: str,
    action: str,
    deed: Callable[[Connection, ScheduleRecord, datetime], Answer],
) -> Response[bytes]:
    """Does something to a schedule that it holds meanwhile, and writes down who did."""
    return answer_once(request, body, partial(_do, request, schedule_id, action, deed)).response()


def _do(
    request: Incoming,
    schedule_id: str,
    action: str,
    deed: Callable[[Connection, ScheduleRecord, datetime], Answer],
    keep: Keep,
) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(schedule_id, "schedule")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        answer = deed(session, schedules.hold(session, found), now)
        audit.record(session, actor=caller.actor, action=action, subject=f"schedule/{found}", now=now)
        return keep(session, answer)


ROUTES = (
    list_occurrences,
    list_runs,
    pause_schedule,
    resume_schedule,
    skip_occurrence,
    run_schedule,
)
