"""Bridges: why one finished forecast costs other than another, worked out when asked and never stored."""

from uuid import UUID

from litestar import Response

from forecasts.errors import InvalidInput, Problem
from forecasts.explain.bridge.bridge import BridgeSide
from service.answers import Answer, json_answer
from service.charts.registry import names_of
from service.forecasting.bridging import bridged, load_side
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
    ids = id_from(query.from_, "forecast"), id_from(forecast_id, "forecast")
    sides, headers = _sides(request, ids)
    if sides is None:
        return Answer(status=304, headers=headers).response()
    return json_answer(_bridged(sides, ids), headers=headers).response()


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
    ids = id_from(query.from_, "forecast"), id_from(forecast_id, "forecast")
    sides, headers = _sides(request, ids, chart, query)
    if sides is None:
        return Answer(status=304, headers=headers).response()
    loaded = sides
    return picture_answer(
        request, chart, query, lambda: _bridged(loaded, ids), tag=headers["ETag"], caching=IMMUTABLE
    ).response()


def _sides(
    request: Incoming, ids: tuple[UUID, UUID], *shown_as: object
) -> tuple[tuple[BridgeSide, BridgeSide] | None, dict[str, str]]:
    """Both forecasts, or None where the client has the answer; and the headers of the answer."""
    # Two finished forecasts never change, but another version of the service may split their difference otherwise.
    headers = {"ETag": picture_tag(*ids, *shown_as), "Cache-Control": IMMUTABLE}
    held = tags_of(request, "If-None-Match") or ()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records = [forecasts.get(session, one) for one in ids]
        for record in records:
            if record.status != "succeeded":
                raise NoBudget(record.status)
        if "*" in held or headers["ETag"] in held:
            return None, headers
        before, after = (load_side(session, record) for record in records)
    return (before, after), headers


def _bridged(sides: tuple[BridgeSide, BridgeSide], ids: tuple[UUID, UUID]) -> BridgeOut:
    try:
        return bridged(*sides, ids=ids)
    except InvalidInput as refused:
        raise BadParameters(tuple(Problem(pointer="/from", detail=one.detail) for one in refused.problems)) from None


ROUTES = (get_bridge, get_bridge_chart)
