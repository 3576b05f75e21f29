"""Pictures of a finished forecast: PNG, SVG, and the definition that a page draws for itself."""

import hashlib
from importlib.metadata import version
from typing import Any, cast, get_args

import msgspec
from litestar import Response

from forecasts.errors import Problem
from service.answers import Answer
from service.charts.forecast.fleets import names_of_fleets, of_one_fleet
from service.charts.frame import frame
from service.charts.registry import draw, names_of
from service.charts.rendering import MEDIA_TYPES, Format, render
from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH, whole_forecast
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.pictures import PICTURE_HEADERS
from service.protocol.requests import Incoming, PathText, read_query, tags_of
from service.protocol.resources import id_from
from service.refusals import BadParameters, NoBudget, UnknownChart
from service.schemas.chart import ChartQuery
from service.store import forecasts

_FILES = tuple(f"{name}.{kind}" for name in names_of("forecast") for kind in get_args(Format))
_MOST_NAMES = 20


@operation(
    "GET",
    PATH + "/{forecast_id:str}/charts/{file:str}",
    "getForecastChart",
    summary="A picture of a finished forecast as PNG or SVG, or its definition in Vega-Lite",
    tag="forecasts",
    scope="read",
    query=ChartQuery,
    takes=("If-None-Match",),
    choices={"file": _FILES},
    answers={
        200: Answered(
            shape=dict[str, Any],
            pictures=(MEDIA_TYPES["png"], MEDIA_TYPES["svg"]),
            headers=("ETag", "Cache-Control"),
            description="The picture; where the forecast has nothing to show, it says so.",
        ),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_chart(request: Incoming, forecast_id: PathText, file: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, ChartQuery)
    if file not in _FILES:
        raise UnknownChart(file[:64], _FILES)
    name, _, suffix = file.rpartition(".")
    kind = cast("Format", suffix)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        if record.status != "succeeded":
            raise NoBudget(record.status)
        headers = {"ETag": _tag(str(record.id), file, query), "Cache-Control": IMMUTABLE}
        held = tags_of(request, "If-None-Match") or ()
        if "*" in held or headers["ETag"] in held:
            return Answer(status=304, headers=headers).response()
        document = msgspec.json.decode(msgspec.json.encode(whole_forecast(session, record)))
    if query.fleet is not None:
        document = _with_fleet(document, query.fleet)
    body = render(draw(name, document, frame(query.size, query.theme)), kind)
    return Answer(status=200, body=body, headers=headers | PICTURE_HEADERS, media_type=MEDIA_TYPES[kind]).response()


def _with_fleet(document: dict[str, Any], fleet: str) -> Any:
    names = names_of_fleets(document)
    if fleet not in names:
        some = ", ".join(names[:_MOST_NAMES]) or "it has none"
        raise BadParameters((Problem(pointer="/fleet", detail=f"must be a fleet of this forecast: {some}"),))
    return of_one_fleet(document, fleet)


def _tag(forecast_id: str, file: str, query: ChartQuery) -> str:
    """A forecast never changes once it has succeeded, but another version of the service may draw it otherwise."""
    parts = msgspec.json.encode([forecast_id, file, query, version("tokencast")])
    return f'"{hashlib.sha256(parts).hexdigest()[:32]}"'


ROUTES = (get_chart,)
