"""The state of a forecast as it changes, as server-sent events."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from litestar import Response
from litestar.concurrency import sync_to_thread
from litestar.response import ServerSentEvent, ServerSentEventMessage

from service.problem_types import NOT_FOUND
from service.protocol.forecast_answers import PATH
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText
from service.protocol.resources import id_from
from service.schemas.forecast.forecast import FINISHED, ForecastState, forecast_state
from service.store import forecasts

# A comment now and then keeps proxies from closing a quiet stream.
_LOOKS_BETWEEN_SIGNS_OF_LIFE = 8
_MILLISECONDS_TO_RECONNECT = 1000


@operation(
    "GET",
    PATH + "/{forecast_id:str}/events",
    "streamForecastEvents",
    summary="Progress and the end of a forecast as they happen",
    tag="forecasts",
    scope="read",
    takes=("Last-Event-ID",),
    answers={
        200: Answered(
            shape=ForecastState,
            media_type="text/event-stream",
            description="One event for each state; ends with the forecast.",
        ),
        204: Answered(description="The last event received was the end."),
    },
    problems=(NOT_FOUND,),
)
async def stream_events(request: Incoming, forecast_id: PathText) -> Response[None] | ServerSentEvent:
    found = id_from(forecast_id, "forecast")
    last_id = request.headers.get("last-event-id")
    first = await sync_to_thread(_state, request, found)
    if first.status in FINISHED and _event_id(first) == last_id:
        # To a browser's EventSource this is the sign to stop reconnecting.
        return Response(None, status_code=204)
    return ServerSentEvent(_events(request, found, last_id), headers={"Cache-Control": "no-store"})


async def _events(request: Incoming, forecast_id: UUID, last_id: str | None) -> AsyncIterator[ServerSentEventMessage]:
    """Each state that differs from the one before; what happened in between states is not kept and not replayed."""
    quiet = 0
    async with parts_of(request).announcements.about(forecast_id) as announced:
        while True:
            state = await sync_to_thread(_state, request, forecast_id)
            event_id = _event_id(state)
            if event_id != last_id:
                last_id, quiet = event_id, 0
                yield ServerSentEventMessage(
                    event="finished" if state.status in FINISHED else "progress",
                    id=event_id,
                    retry=_MILLISECONDS_TO_RECONNECT,
                    data=msgspec.json.encode(state).decode(),
                )
            if state.status in FINISHED:
                return
            quiet += 1
            if quiet % _LOOKS_BETWEEN_SIGNS_OF_LIFE == 0:
                yield ServerSentEventMessage(comment="still here")
            await announced.news()


def _state(request: Incoming, forecast_id: UUID) -> ForecastState:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        return forecast_state(forecasts.get(session, forecast_id))


def _event_id(state: ForecastState) -> str:
    return f"{state.status}-{state.progress_fraction:.4f}"


ROUTES = (stream_events,)
