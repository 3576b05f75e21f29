"""Numbers finance can trust: a line traced to its inputs, a forecast computed again from its frozen ones."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.concurrency import sync_to_thread
from sqlalchemy import Connection

from service.answers import Answer, json_answer
from service.forecasting.line_trace import trace_line
from service.forecasting.snapshot import MODEL_VERSION
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH, SECONDS_TO_RETRY, finished_within
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, seconds_to_wait
from service.protocol.resources import id_from
from service.refusals import NoBudget
from service.schemas.forecast.forecast import FINISHED
from service.schemas.forecast.line_trace import LineTraceOut
from service.schemas.forecast.replay import ReplayOut, replay_out
from service.store import forecasts, lines, replays
from service.store.errors import NotFound
from service.store.forecasts import ForecastRecord

_ONE = PATH + "/{forecast_id:str}"
_TAG: dict[str, Any] = {"tag": "forecasts"}


@operation(
    "GET",
    _ONE + "/lines/{line:str}",
    "traceForecastLine",
    summary="One line, traced to the frozen inputs, the price rows and the method it was computed with",
    answers={200: Answered(shape=LineTraceOut, headers=("Cache-Control",))},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
def trace_forecast_line(request: Incoming, forecast_id: PathText, line: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        traced = lines.get(session, found, _position(line))
        snapshot = forecasts.get_snapshot(session, found)
    return json_answer(trace_line(record, traced, snapshot), headers={"Cache-Control": IMMUTABLE}).response()


def _position(text: str) -> int:
    """The id of a line is its position; text that is none is a line that does not exist."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise NotFound("line", text[:64])


@operation(
    "POST",
    _ONE + "/replay",
    "replayForecast",
    summary="Compute a forecast again from its frozen inputs, and say whether it gives the same bytes",
    takes=("Prefer", "Idempotency-Key"),
    answers={
        202: Answered(
            shape=ReplayOut,
            headers=("Location", "Retry-After", "Idempotent-Replayed"),
            description="Accepted; look at Location.",
        ),
        201: Answered(
            shape=ReplayOut,
            headers=("Location", "Preference-Applied", "Idempotent-Replayed"),
            description="Finished within the time to wait.",
        ),
    },
    problems=(NOT_FOUND, NO_BUDGET, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    scope="write",
    **_TAG,
)
async def replay_forecast(request: Incoming, body: BodyBytes, forecast_id: PathText) -> Response[bytes]:
    seconds = seconds_to_wait(request)
    stored: list[tuple[UUID, UUID, Keep]] = []
    answer = await sync_to_thread(answer_once, request, body, partial(_replay, request, forecast_id, stored))
    if seconds is None or not stored:
        return answer.response()
    [(replayed_id, replay_id, keep)] = stored

    def finished(session: Connection, record: ForecastRecord) -> Answer:
        headers = {"Location": _location_of(replayed_id, replay_id), "Preference-Applied": f"wait={seconds}"}
        return keep(session, json_answer(_compared(session, replayed_id, record), status=201, headers=headers))

    found = await finished_within(request, replay_id, seconds, finished, just_asked=True)
    return (found or answer).response()


def _replay(request: Incoming, forecast_id: str, stored: list[tuple[UUID, UUID, Keep]], keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(forecast_id, "forecast")
    with parts.database.tenant(caller.workspace_id) as session:
        replayed = forecasts.get(session, found)
        if replayed.status != "succeeded":
            raise NoBudget(replayed.status)
        replay_id = replays.add_queued(
            session, replayed, model_version=MODEL_VERSION, requested_by=caller.actor, now=parts.clock()
        )
        body = _compared(session, found, forecasts.get(session, replay_id))
        headers = {"Location": _location_of(found, replay_id), "Retry-After": SECONDS_TO_RETRY}
        answer = keep(session, json_answer(body, status=202, headers=headers))
    parts.queue.send_forecast(replay_id, caller.workspace_id)
    stored.append((found, replay_id, keep))
    return answer


@operation(
    "GET",
    _ONE + "/replays/{replay_id:str}",
    "getReplay",
    summary="One replay: whether the forecast gave the same bytes, or which version differs",
    takes=("Prefer",),
    answers={200: Answered(shape=ReplayOut, headers=("Cache-Control", "Retry-After", "Preference-Applied"))},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
async def get_replay(request: Incoming, forecast_id: PathText, replay_id: PathText) -> Response[bytes]:
    replayed, found = id_from(forecast_id, "forecast"), id_from(replay_id, "replay")
    answer = await sync_to_thread(_get_replay, request, replayed, found)
    seconds = seconds_to_wait(request)
    if seconds is not None and "Retry-After" in answer.headers:
        await finished_within(request, found, seconds, lambda _session, _record: answer)
        answer = await sync_to_thread(_get_replay, request, replayed, found)
        return answer.with_headers(Preference_Applied=f"wait={seconds}").response()
    return answer.response()


def _get_replay(request: Incoming, replayed_id: UUID, replay_id: UUID) -> Answer:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = replays.get(session, replayed_id, replay_id)
        body = _compared(session, replayed_id, record)
    if record.status in FINISHED:
        return json_answer(body, headers={"Cache-Control": IMMUTABLE})
    return json_answer(body, headers={"Retry-After": SECONDS_TO_RETRY, "Cache-Control": "no-store"})


def _compared(session: Connection, replayed_id: UUID, replay: ForecastRecord) -> ReplayOut:
    replayed = forecasts.get(session, replayed_id)
    difference = replays.difference(session, replayed_id, replay.id) if replay.status == "succeeded" else None
    return replay_out(replayed, replay, difference)


def _location_of(replayed_id: UUID, replay_id: UUID) -> str:
    return f"{PATH}/{replayed_id}/replays/{replay_id}"


ROUTES = (trace_forecast_line, replay_forecast, get_replay)
