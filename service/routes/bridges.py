"""Bridges: why one finished forecast costs other than another, worked out when asked and never stored."""

from functools import partial
from uuid import UUID

from litestar import Response

from forecasts.errors import InvalidInput, Problem
from service.answers import Answer, json_answer
from service.charts.registry import names_of
from service.forecasting.bridging import stored_bridge
from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.pictures import PICTURE_ANSWERS, chart_of, files_of, picture_answer, picture_tag
from service.protocol.requests import Incoming, PathText, read_query, tags_of
from service.protocol.resources import id_from
from service.refusals import BadParameters, NoBudget
from service.schemas.explained.bridge import BridgeChartQuery, BridgeOut, BridgeQuery
from service.store import forecasts

_FILES = files_of({name: name for name in names_of("bridge")})
_ONE = PATH + "/{forecast_id:str}/bridge"


@operation(
    "GET",
    _ONE,
    "getForecastBridge",
    summary="Why a finished forecast costs other than another one: the difference in parts that add up to the cent",
    tag="forecasts",
    scope="read",
    query=BridgeQuery,
    takes=("If-None-Match",),
    answers={
        200: Answered(shape=BridgeOut, headers=("ETag", "Cache-Control")),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_bridge(request: Incoming, forecast_id: PathText) -> Response[bytes]:
    query = read_query(request, BridgeQuery)
    ids = _finished(request, query.from_, forecast_id)
    headers = {"ETag": picture_tag(*ids), "Cache-Control": IMMUTABLE}
    held = tags_of(request, "If-None-Match") or ()
    if "*" in held or headers["ETag"] in held:
        return Answer(status=304, headers=headers).response()
    return json_answer(_bridge(request, ids), headers=headers).response()


@operation(
    "GET",
    _ONE + "/charts/{file:str}",
    "getForecastBridgeChart",
    summary="A picture of a bridge as PNG or SVG, or its definition in Vega-Lite",
    tag="forecasts",
    scope="read",
    query=BridgeChartQuery,
    takes=("If-None-Match",),
    choices={"file": tuple(_FILES)},
    answers=PICTURE_ANSWERS,
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_bridge_chart(request: Incoming, forecast_id: PathText, file: PathText) -> Response[bytes]:
    query = read_query(request, BridgeChartQuery)
    chart = chart_of(file, _FILES)
    ids = _finished(request, query.from_, forecast_id)
    tag = picture_tag(*ids, chart, query)
    load = partial(_bridge, request, ids)
    return picture_answer(request, chart, query, load, tag=tag, caching=IMMUTABLE).response()


def _finished(request: Incoming, *ids: str) -> tuple[UUID, UUID]:
    """The ids of two forecasts that the caller may see and that have a budget."""
    before, after = (id_from(one, "forecast") for one in ids)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        for one in (before, after):
            record = forecasts.get(session, one)
            if record.status != "succeeded":
                raise NoBudget(record.status)
    return before, after


def _bridge(request: Incoming, ids: tuple[UUID, UUID]) -> BridgeOut:
    parts = parts_of(request)
    try:
        return parts.bridges.between(ids, partial(stored_bridge, parts.database, caller_of(request).workspace_id, ids))
    except InvalidInput as refused:
        raise BadParameters(tuple(Problem(pointer="/from", detail=one.detail) for one in refused.problems)) from None


ROUTES = (get_bridge, get_bridge_chart)
