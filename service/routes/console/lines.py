"""The lines behind a forecast's numbers, and what each of them was computed from."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from sqlalchemy import Connection

from service.forecasting.line_trace import trace_line
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.refusals import NoBudget
from service.schemas.forecast.line_choice import LineChoiceQuery
from service.schemas.page import bad_cursor, cursor_after, position_of
from service.store import fleets, forecasts, lines, workloads
from service.store.errors import NotFound
from service.store.prices import known_prices
from service.web.rendering import render
from service.web.views.line_places import LinePlaces, Named, line_places, named_by
from service.wording.methods import method_sentences

_PATH = "/forecasts/{forecast_id:str}/lines"
_MOST_DIGITS = 9


@page(_PATH, "linesPage")
def get_lines(request: Incoming, forecast_id: PathText) -> Response[Any]:
    query = read_query(request, LineChoiceQuery)
    after = None if query.cursor is None else _position(query.cursor)
    wanted = query.to_wanted()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, id_from(forecast_id, "forecast"))
        if record.status != "succeeded":
            raise NoBudget(record.status)
        found, last = lines.select_page(session, record.id, wanted, after=after, limit=query.limit)
        together = lines.totals(session, record.id, wanted)
    return render(
        request,
        "lines.html",
        forecast=record,
        lines=found,
        together=together,
        given=query.given,
        without={
            name: urlencode({other: text for other, text in query.given.items() if other != name})
            for name in query.given
        },
        address=f"/forecasts/{record.id}/lines?{urlencode(query.given)}",
        cursor=None if last is None else cursor_after(last),
    )


@page(_PATH + "/{line:str}", "linePage")
def get_line(request: Incoming, forecast_id: PathText, line: PathText) -> Response[Any]:
    if not (line.isascii() and line.isdigit() and len(line) <= _MOST_DIGITS):
        raise NotFound("line", line[:64])
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, id_from(forecast_id, "forecast"))
        traced = lines.get(session, record.id, int(line))
        snapshot = forecasts.get_snapshot(session, record.id)
    trace = trace_line(record, traced, snapshot)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        places = _places(session, named_by(trace), parts.clock())
    return render(request, "line.html", trace=trace, places=places, explained=method_sentences(trace.method.name))


def _places(session: Connection, named: Named, now: datetime) -> LinePlaces:
    stored_workloads = workloads.find_by_names(session, [named.workload] if named.workload else [])
    stored_fleets = fleets.find_by_names(session, [named.fleet] if named.fleet else [])
    rows = known_prices(session, [named.model] if named.model else [], as_of=now)
    return line_places(
        named,
        workloads={name: one.id for name, one in stored_workloads.items()},
        fleets={name: one.id for name, one in stored_fleets.items()},
        models=[(row.provider, row.model) for row in rows],
    )


def _position(cursor: str) -> int:
    position = position_of(cursor)
    if not (position.isascii() and position.isdigit() and len(position) <= _MOST_DIGITS):
        raise bad_cursor()
    return int(position)


PAGES = (get_lines, get_line)
