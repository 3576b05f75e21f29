"""The list of forecasts, and the terms of a new one."""

from typing import Any

from litestar import Response

from forecasts.timeline import Month
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, read_query
from service.protocol.resources import after_id
from service.schemas.forecast.forecast import ForecastQuery
from service.schemas.page import cursor_after
from service.store import forecasts, workloads
from service.web.rendering import render


@page("/forecasts", "forecastsPage")
def get_forecasts(request: Incoming) -> Response[Any]:
    query = read_query(request, ForecastQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = forecasts.page(session, after=after_id(query), limit=query.limit, status=query.status)
    cursor = None if after is None else cursor_after(after)
    return render(request, "forecasts.html", forecasts=records, status=query.status, cursor=cursor)


@page("/forecasts/new", "newForecastPage")
def get_new_forecast(request: Incoming) -> Response[Any]:
    parts = parts_of(request)
    today = parts.clock().date()
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        some, _ = workloads.page(session, after=None, limit=1)
    first_month = Month.of(today).plus(1)
    return render(request, "new_forecast.html", workloads=some, first_month=str(first_month), today=today)


PAGES = (get_forecasts, get_new_forecast)
