"""The months of a finished forecast by workload, provider, kind or cost centre: the table beside the stacked charts."""

from litestar import Response

from service.answers import Answer, json_answer
from service.forecasting.months import load_months
from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query, tags_of
from service.protocol.resources import id_from
from service.refusals import NoBudget
from service.schemas.forecast.months import ForecastMonthsOut, MonthsQuery
from service.store import forecasts


@operation(
    "GET",
    PATH + "/{forecast_id:str}/months",
    "getForecastMonths",
    summary="What each month costs by workload, provider, kind, cost centre, account, route or meter, to the cent",
    tag="forecasts",
    scope="read",
    query=MonthsQuery,
    takes=("If-None-Match",),
    answers={
        200: Answered(shape=ForecastMonthsOut, headers=("ETag", "Cache-Control")),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_months(request: Incoming, forecast_id: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, MonthsQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        if record.status != "succeeded":
            raise NoBudget(record.status)
        headers = {"ETag": f'"{record.id}-{query.by}-{query.largest or "all"}"', "Cache-Control": IMMUTABLE}
        held = tags_of(request, "If-None-Match") or ()
        if "*" in held or headers["ETag"] in held:
            return Answer(status=304, headers=headers).response()
        months = load_months(session, record, query.by, largest=query.largest)
    return json_answer(months, headers=headers).response()


ROUTES = (get_months,)
