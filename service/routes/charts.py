"""Pictures of a finished forecast: PNG, SVG, and the definition that a page draws for itself."""

from typing import Any

import msgspec
from litestar import Response
from sqlalchemy import Connection

from forecasts.errors import Problem
from service.charts.forecast.fleets import names_of_fleets, of_one_fleet
from service.charts.forecast.months_by import MOST_GROUPS
from service.charts.registry import CHARTS, names_of
from service.forecasting.beside_budget import budget_beside
from service.forecasting.months import load_months
from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH, whole_forecast
from service.protocol.operations import operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.pictures import PICTURE_ANSWERS, chart_of, files_of, picture_answer, picture_tag
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.refusals import BadParameters, NoBudget
from service.schemas.chart import ChartQuery
from service.store import forecasts
from service.store.budgets import versions
from service.store.forecasts import ForecastRecord

_FILES = files_of({name: name for name in names_of("forecast")})
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
    choices={"file": tuple(_FILES)},
    answers=PICTURE_ANSWERS,
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_chart(request: Incoming, forecast_id: PathText, file: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, ChartQuery)
    chart = chart_of(file, _FILES)
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        if record.status != "succeeded":
            raise NoBudget(record.status)
        if query.budget is None:
            # A forecast never changes once it has succeeded.
            how: dict[str, Any] = {"tag": picture_tag(record.id, chart, query), "caching": IMMUTABLE}
            beside: dict[str, Any] = {}
        else:
            how = {}
            budget = versions.get(session, query.budget)
            beside = {"budget_version": budget_beside(session, budget, record, today=parts.clock().date())}
        answer = picture_answer(
            request, chart, query, lambda: _document(session, record, chart[0], query.fleet) | beside, **how
        )
    return answer.response()


def _document(session: Connection, record: ForecastRecord, name: str, fleet: str | None) -> dict[str, Any]:
    chart = CHARTS[name]
    document = whole_forecast(session, record, with_lines=chart.lines)
    if chart.months_by is not None:
        months = load_months(session, record, chart.months_by, largest=MOST_GROUPS)
        document["months_by"] = {chart.months_by: months}
    return document if fleet is None else _with_fleet(document, fleet)


def _with_fleet(document: dict[str, Any], fleet: str) -> Any:
    plain = msgspec.json.decode(msgspec.json.encode(document))
    names = names_of_fleets(plain)
    if fleet not in names:
        some = ", ".join(names[:_MOST_NAMES]) or "it has none"
        raise BadParameters((Problem(pointer="/fleet", detail=f"must be a fleet of this forecast: {some}"),))
    return of_one_fleet(plain, fleet)


ROUTES = (get_chart,)
