"""The list of forecasts."""

from typing import Any

from litestar import Response

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, read_query
from service.protocol.resources import after_id
from service.schemas.forecast.forecast import ForecastQuery
from service.schemas.page import cursor_after
from service.store import forecasts
from service.web.rendering import render


@page("/forecasts", "forecastsPage")
def get_forecasts(request: Incoming) -> Response[Any]:
    query = read_query(request, ForecastQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = forecasts.page(session, after=after_id(query), limit=query.limit, status=query.status)
    cursor = None if after is None else cursor_after(after)
    return render(request, "forecasts.html", forecasts=records, status=query.status, cursor=cursor)


PAGES = (get_forecasts,)
