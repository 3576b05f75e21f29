"""Exports of a finished forecast, streamed from its stored lines."""

from typing import Any

import msgspec
from litestar.response import Stream
from sqlalchemy import Connection

from forecasts.errors import InvalidInput, Problem
from forecasts.explain.bridge.bridge import BridgeSide
from service.exports.profile import PLAIN
from service.exports.registry import FORMATS, MEDIA_TYPES
from service.exports.source import ExportSource
from service.exports.stored import stored_chunks
from service.forecasting.bridging import bridged, load_side
from service.problem_types import NO_BUDGET, NOT_FOUND, PROFILE_INCOMPLETE
from service.protocol.forecast_answers import PATH
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.refusals import BadParameters, NoBudget
from service.schemas.export import ExportQuery
from service.schemas.export_profile import stored_profile
from service.store import export_profiles, forecasts, lines
from service.store.forecasts import ForecastRecord


class _Terms(msgspec.Struct, frozen=True):
    """What a snapshot says of the calendar; everything else in it is passed over."""

    fiscal_year_start_month: int = 1


@operation(
    "GET",
    PATH + "/{forecast_id:str}/export",
    "exportForecast",
    summary="A finished forecast as a file for finance tools",
    tag="forecasts",
    scope="read",
    query=ExportQuery,
    answers={
        200: Answered(
            media_type=MEDIA_TYPES[0],
            pictures=MEDIA_TYPES[1:],
            headers=("Content-Disposition", "Cache-Control"),
            description="The file, as it is written; docs/exports.md has the columns of each format.",
        )
    },
    problems=(NOT_FOUND, NO_BUDGET, PROFILE_INCOMPLETE),
)
def export_forecast(request: Incoming, forecast_id: PathText) -> Stream:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, ExportQuery)
    query.check()
    wanted = FORMATS[query.format]
    database, workspace_id = parts_of(request).database, caller_of(request).workspace_id
    with database.tenant(workspace_id) as session:
        record = forecasts.get(session, found)
        if record.status != "succeeded":
            raise NoBudget(record.status)
        profile = PLAIN
        if query.profile is not None:
            profile = stored_profile(export_profiles.get_by_name(session, query.profile))
        wanted.check(profile, lines.codes(session, found), contingency=bool(query.contingency))
        if wanted.most_lines is not None and (held := lines.count(session, found)) > wanted.most_lines:
            detail = (
                f"holds at most {wanted.most_lines:,} lines, and the forecast has {held:,}: take csv-tall or parquet"
            )
            raise BadParameters((Problem(pointer="/format", detail=detail),))
        terms = msgspec.json.decode(forecasts.get_snapshot(session, found), type=_Terms)
        document = msgspec.json.decode(forecasts.get_document(session, found) or b"{}")
        sides = _renewed(session, record) if query.format == "xlsx" else None
    source = ExportSource(
        forecast=record,
        document=document,
        fiscal_year_start_month=terms.fiscal_year_start_month,
        chunks=lambda: stored_chunks(database, workspace_id, found),
        bridge=None if sides is None else _bridge(sides),
    )
    return Stream(
        wanted.write(source, query.to_choices(source.basis, profile)),
        media_type=wanted.media_type,
        encoding=wanted.charset(profile),
        headers={
            "Content-Disposition": f'attachment; filename="{query.format}-{found}.{wanted.suffix}"',
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _renewed(session: Connection, record: ForecastRecord) -> tuple[BridgeSide, BridgeSide] | None:
    """The forecast that this one renews, and this one."""
    if record.previous_forecast_id is None:
        return None
    previous = forecasts.get(session, record.previous_forecast_id)
    return (load_side(session, previous), load_side(session, record)) if previous.status == "succeeded" else None


def _bridge(sides: tuple[BridgeSide, BridgeSide]) -> dict[str, Any] | None:
    """None where the two cannot be bridged, such as in different currencies."""
    try:
        return msgspec.json.decode(msgspec.json.encode(bridged(*sides)), type=dict[str, Any])
    except InvalidInput:
        return None


ROUTES = (export_forecast,)
