"""What a model's tokens have cost and where an outlook takes them: as data and as a picture."""

from typing import Any, Literal

import msgspec
from litestar import Response

from service.answers import Answer, json_answer
from service.charts.frame import frame
from service.charts.registry import draw
from service.charts.rendering import MEDIA_TYPES, render
from service.forecasting.price_history import price_history, unknown_model
from service.forecasting.snapshot import end_of_day
from service.problem_types import NOT_FOUND
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.pictures import PICTURE_ANSWERS, PICTURE_HEADERS, chart_of, files_of, picture_answer
from service.protocol.requests import Incoming, PathText, read_query
from service.schemas.chart import ChartLook
from service.schemas.pricing.history import PriceHistoryOut
from service.schemas.pricing.history_query import PriceHistoryChartQuery, PriceHistoryQuery
from service.store.price_book.conflicts import price_of
from service.store.price_look_up import priced_models
from service.store.prices import known_prices

PATH = "/v1/prices/history"

_READ: dict[str, Any] = {"tag": "prices", "scope": "read"}
_FILES = files_of({"history": "price-history"})


@operation(
    "GET",
    PATH,
    "getPriceHistory",
    summary="A model's prices by meter as known on a day, and the months after it under an outlook",
    query=PriceHistoryQuery,
    answers={200: Answered(shape=PriceHistoryOut)},
    **_READ,
)
def get_history(request: Incoming) -> Response[bytes]:
    return json_answer(_history(request, read_query(request, PriceHistoryQuery))).response()


_PICTURE: dict[str, Any] = {"query": PriceHistoryChartQuery, **_READ}


@operation(
    "GET",
    PATH + ".png",
    "getPriceHistoryPng",
    summary="The same as a picture",
    answers={200: Answered(media_type=MEDIA_TYPES["png"])},
    **_PICTURE,
)
def get_png(request: Incoming) -> Response[bytes]:
    return _picture(request, "png")


@operation(
    "GET",
    PATH + ".svg",
    "getPriceHistorySvg",
    summary="The same as a drawing",
    answers={200: Answered(media_type=MEDIA_TYPES["svg"])},
    **_PICTURE,
)
def get_svg(request: Incoming) -> Response[bytes]:
    return _picture(request, "svg")


@operation(
    "GET",
    PATH + "/charts/{file:str}",
    "getPriceHistoryChart",
    summary="The same as PNG or SVG, or as a definition in Vega-Lite",
    takes=("If-None-Match",),
    choices={"file": tuple(_FILES)},
    answers=PICTURE_ANSWERS,
    problems=(NOT_FOUND,),
    **_PICTURE,
)
def get_chart(request: Incoming, file: PathText) -> Response[bytes]:
    query = read_query(request, PriceHistoryChartQuery)
    chart = chart_of(file, _FILES)
    document = _history(request, query)
    return picture_answer(request, chart, ChartLook(**_look(query)), lambda: document).response()


def _look(query: PriceHistoryChartQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in ChartLook.__struct_fields__}


def _history(request: Incoming, query: PriceHistoryQuery) -> PriceHistoryOut:
    parts = parts_of(request)
    terms = query.to_terms(parts.clock().date())
    model = (terms.route.provider, terms.route.model)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        records = known_prices(session, [model], as_of=end_of_day(terms.as_of))
        if not records and not priced_models(session, [model]):
            raise unknown_model(terms.route)
    return price_history([price_of(record) for record in records], terms)


def _picture(request: Incoming, kind: Literal["png", "svg"]) -> Response[bytes]:
    query = read_query(request, PriceHistoryChartQuery)
    document = msgspec.json.decode(msgspec.json.encode(_history(request, query)))
    body = render(draw("price-history", document, frame(**_look(query))), kind)
    return Answer(status=200, body=body, headers=PICTURE_HEADERS, media_type=MEDIA_TYPES[kind]).response()


ROUTES = (get_history, get_png, get_svg, get_chart)
