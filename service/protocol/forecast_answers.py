"""Answers that hold a forecast: accepted, still running, or finished with its whole budget."""

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from litestar.concurrency import sync_to_thread
from sqlalchemy import Connection

from service.answers import Answer, json_answer
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, tags_of
from service.schemas.forecast.forecast import FINISHED, forecast_state, line_out
from service.store import forecasts
from service.store.forecasts import ForecastRecord
from service.store.lines import ALL_LINES

PATH = "/v1/forecasts"

# Budgets are computed in well under a second; a client that polls sooner than this finds nothing new.
SECONDS_TO_RETRY = "1"

IMMUTABLE = "private, immutable, max-age=31536000"


def location_of(forecast_id: UUID) -> str:
    return f"{PATH}/{forecast_id}"


def accepted(forecast_id: UUID, body: object) -> Answer:
    """202: the forecast is stored and will be computed."""
    headers = {"Location": location_of(forecast_id), "Retry-After": SECONDS_TO_RETRY}
    return json_answer(body, status=HTTPStatus.ACCEPTED, headers=headers)


def whole_forecast(session: Connection, record: ForecastRecord, *, with_lines: bool = True) -> dict[str, Any]:
    """JSON values in the shape of ForecastOut: the state, and beside it the budget once there is one.

    The stored document goes out as the bytes it came in; only its outermost keys are looked at.
    """
    state = msgspec.structs.asdict(forecast_state(record))
    if record.status != "succeeded":
        return state
    document = msgspec.json.decode(forecasts.get_document(session, record.id) or b"{}", type=dict[str, msgspec.Raw])
    # Identity comes first, and what the database says of it wins over what a worker wrote into the document.
    whole = {**state, **document, **state}
    if with_lines:
        lines, _ = forecasts.lines(session, record.id, after=None, limit=ALL_LINES)
        whole["lines"] = [line_out(line) for line in lines]
    return whole


def shown(request: Incoming, session: Connection, record: ForecastRecord) -> Answer:
    """The forecast as it stands; a finished one never changes, so it can be kept for ever."""
    if record.status not in FINISHED:
        headers = {"Retry-After": SECONDS_TO_RETRY, "Cache-Control": "no-store"}
        return json_answer(whole_forecast(session, record), headers=headers)
    tag = f'"{record.id}"'
    headers = {"ETag": tag, "Cache-Control": IMMUTABLE}
    held = tags_of(request, "If-None-Match") or ()
    if "*" in held or tag in held:
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return json_answer(whole_forecast(session, record), headers=headers)


async def finished_within(
    request: Incoming,
    forecast_id: UUID,
    seconds: float,
    answer: Callable[[Connection, ForecastRecord], Answer],
    *,
    just_asked: bool = False,
) -> Answer | None:
    """`answer` of the forecast as soon as it is finished, None if it is not within that time.

    No thread and no connection is held while waiting. One that was just asked for is not looked at before there is
    news of it.
    """
    parts, workspace_id = parts_of(request), caller_of(request).workspace_id

    def look() -> Answer | None:
        with parts.database.tenant(workspace_id) as session:
            record = forecasts.get(session, forecast_id)
            return answer(session, record) if record.status in FINISHED else None

    ends = monotonic() + seconds
    async with parts.announcements.about(forecast_id) as announced:
        if just_asked:
            await announced.news(seconds)
        while True:
            found = await sync_to_thread(look)
            left = ends - monotonic()
            if found is not None or left <= 0:
                return found
            await announced.news(left)
