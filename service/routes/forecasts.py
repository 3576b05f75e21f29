"""Forecasts: asked for, waited for, read whole or line by line, cancelled."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.concurrency import sync_to_thread
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.answers import Answer, json_answer
from service.estate.stored_plan import in_forecast_request, in_plan_of_request, stored_plan, told_as
from service.forecasting.new_forecast import add_forecast
from service.forecasting.snapshot import PreparedForecast, prepare
from service.problem_types import (
    ALREADY_FINISHED,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NOT_FOUND,
)
from service.protocol.forecast_answers import PATH, accepted, finished_within, location_of, shown, whole_forecast
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query, seconds_to_wait
from service.protocol.resources import after_id, id_from, page_answer
from service.schemas.forecast.forecast import (
    ForecastOut,
    ForecastPage,
    ForecastQuery,
    ForecastState,
    LinePage,
    forecast_state,
    line_out,
)
from service.schemas.forecast.request import ForecastIn
from service.schemas.page import PageQuery, bad_cursor, position_of
from service.store import forecasts
from service.store.forecasts import ForecastRecord

_READ: dict[str, Any] = {"tag": "forecasts", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "forecasts", "scope": "write"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)
_ONE = PATH + "/{forecast_id:str}"


@operation(
    "POST",
    PATH,
    "createForecast",
    summary="Forecast stored workloads by name, or a whole plan that need not be stored",
    body=ForecastIn,
    takes=("Prefer", "Idempotency-Key"),
    answers={
        202: Answered(
            shape=ForecastState,
            headers=("Location", "Retry-After", "Idempotent-Replayed"),
            description="Accepted; look at Location.",
        ),
        201: Answered(
            shape=ForecastOut,
            headers=("Location", "Preference-Applied", "Idempotent-Replayed"),
            description="Finished within the time to wait.",
        ),
    },
    problems=(INVALID_INPUT, *_ONCE),
    **_WRITE,
)
async def create_forecast(request: Incoming, body: BodyBytes) -> Response[bytes]:
    seconds = seconds_to_wait(request)
    stored: list[tuple[UUID, Keep]] = []
    answer = await sync_to_thread(answer_once, request, body, partial(_create_forecast, request, body, stored))
    if seconds is None or not stored:
        return answer.response()
    [(forecast_id, keep)] = stored

    def finished(session: Connection, record: ForecastRecord) -> Answer:
        headers = {"Location": location_of(forecast_id), "Preference-Applied": f"wait={seconds}"}
        return keep(session, json_answer(whole_forecast(session, record), status=201, headers=headers))

    found = await finished_within(request, forecast_id, seconds, finished, just_asked=True)
    return (found or answer).response()


def _create_forecast(request: Incoming, body: bytes, stored: list[tuple[UUID, Keep]], keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, ForecastIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        prepared = _prepare(session, sent, now)
        state = add_forecast(session, prepared, requested_by=caller.actor, now=now)
        answer = keep(session, accepted(state.id, state))
    parts.queue.send_forecast(state.id, caller.workspace_id)
    stored.append((state.id, keep))
    return answer


def _prepare(session: Connection, sent: ForecastIn, now: datetime) -> PreparedForecast:
    if sent.plan is None:
        with told_as(in_forecast_request(sent.workloads or ())):
            return prepare(session, stored_plan(session, sent, sent.workloads), now=now)
    defaults = ForecastIn()
    findings = Findings()
    for name in ForecastIn.__struct_fields__:
        beside = name != "plan" and getattr(sent, name) != getattr(defaults, name)
        findings.require(
            holds=not beside, pointer=f"/{name}", detail="belongs into the plan, which has terms of its own"
        )
    findings.end()
    with told_as(in_plan_of_request):
        return prepare(session, sent.plan, now=now)


@operation(
    "GET",
    PATH,
    "listForecasts",
    summary="Forecasts without their budgets, the newest first",
    query=ForecastQuery,
    answers={200: Answered(shape=ForecastPage, headers=("Link",))},
    **_READ,
)
def list_forecasts(request: Incoming) -> Response[bytes]:
    query = read_query(request, ForecastQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = forecasts.page(session, after=after_id(query), limit=query.limit, status=query.status)
    return page_answer(request, query, map(forecast_state, records), after).response()


@operation(
    "GET",
    _ONE,
    "getForecast",
    summary="One forecast, with its whole budget when it has succeeded",
    takes=("If-None-Match", "Prefer"),
    answers={
        200: Answered(shape=ForecastOut, headers=("ETag", "Cache-Control", "Retry-After", "Preference-Applied")),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND,),
    **_READ,
)
async def get_forecast(request: Incoming, forecast_id: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    seconds = seconds_to_wait(request)
    if seconds is not None:
        answer = await finished_within(request, found, seconds, partial(shown, request))
        if answer is not None:
            return answer.with_headers(Preference_Applied=f"wait={seconds}").response()
    return (await sync_to_thread(_get_forecast, request, found)).response()


def _get_forecast(request: Incoming, forecast_id: UUID) -> Answer:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        return shown(request, session, forecasts.get(session, forecast_id))


@operation(
    "GET",
    _ONE + "/lines",
    "listForecastLines",
    summary="The budget's lines in order, page by page; none before the forecast has succeeded",
    query=PageQuery,
    answers={200: Answered(shape=LinePage, headers=("Link",))},
    problems=(NOT_FOUND,),
    **_READ,
)
def list_lines(request: Incoming, forecast_id: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, PageQuery)
    after = None
    if query.cursor is not None:
        position = position_of(query.cursor)
        if not (position.isascii() and position.isdigit() and len(position) < 10):
            raise bad_cursor()
        after = int(position)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        forecasts.get(session, found)
        lines, last = forecasts.lines(session, found, after=after, limit=query.limit)
    return page_answer(request, query, map(line_out, lines), last).response()


@operation(
    "POST",
    _ONE + "/cancel",
    "cancelForecast",
    summary="Cancel a forecast; one that runs stops at its next step",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=ForecastState, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, ALREADY_FINISHED, *_ONCE),
    **_WRITE,
)
def cancel_forecast(request: Incoming, body: BodyBytes, forecast_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_cancel_forecast, request, forecast_id)).response()


def _cancel_forecast(request: Incoming, forecast_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(forecast_id, "forecast")
    with parts.database.tenant(caller.workspace_id) as session:
        record = forecasts.request_cancel(session, found, actor=caller.actor, now=parts.clock())
        return keep(session, json_answer(forecast_state(record)))


ROUTES = (create_forecast, list_forecasts, get_forecast, list_lines, cancel_forecast)
