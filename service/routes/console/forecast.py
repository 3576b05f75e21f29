"""One forecast: its progress while it is computed, then the budget, where it comes from and what to do with it."""

from collections.abc import Mapping
from typing import Any, Literal, cast

import msgspec
from litestar import Response
from sqlalchemy import Connection

from forecasts.errors import Problem
from service.charts.chart import Grouping
from service.exports.registry import FORMATS
from service.forecasting.declared_names import DeclaredNames, declared_names
from service.forecasting.declared_outlooks import declared_outlooks
from service.forecasting.months import load_months
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.refusals import BadParameters
from service.schemas.export_profile import stored_profile
from service.schemas.wire import Name
from service.store import actors, export_profiles, fleets, forecasts, lines, workloads
from service.store.budgets import versions
from service.store.forecasts import ForecastRecord
from service.web.rendering import render
from service.web.views.forecast.asked import asked_by
from service.web.views.forecast.break_even import break_even_rows
from service.web.views.forecast.decoders import decoder_findings
from service.web.views.forecast.drivers import driver_rows
from service.web.views.forecast.exports import files_of
from service.web.views.forecast.failure import failure_of
from service.web.views.forecast.fleet_plan import FleetRow, fleet_named, fleet_rows
from service.web.views.forecast.months import GROUPINGS, group_table, month_rows
from service.web.views.forecast.outlooks import outlook_rows
from service.web.views.forecast.places import Place, place_of
from service.wording.groups import GROUP_WORDS

# What is more than this is one row of the table; all of it is behind a link.
_GROUPS = 15
_PROFILES = 5
_BUDGETS = 20
_NOTHING_DECLARED = DeclaredNames()


class ForecastPageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`by` is what the stacked months are grouped by, `fleet` the one whose months are shown."""

    by: Grouping = "workload"
    fleet: Name | None = None


@page("/forecasts/{forecast_id:str}", "forecastPage")
def get_forecast(request: Incoming, forecast_id: PathText) -> Response[Any]:
    found = id_from(forecast_id, "forecast")
    query = read_query(request, ForecastPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        asked = asked_by(record.requested_by, actors.names(session, [record.requested_by]))
        context = _budgeted(session, record, query) if record.status == "succeeded" else _state(session, record)
    return render(request, "forecast.html", forecast=record, asked=asked, **context)


def _state(session: Connection, record: ForecastRecord) -> dict[str, Any]:
    """What there is to say of a forecast without a budget."""
    if record.problem is None:
        return {}
    pointers = [one["pointer"] for one in record.problem.get("errors", ())]
    names, stored = _declared(session, forecasts.get_snapshot(session, record.id), pointers)
    return {"failure": failure_of(record.problem, names, stored)}


def _budgeted(session: Connection, record: ForecastRecord, query: ForecastPageQuery) -> dict[str, Any]:
    document = msgspec.json.decode(forecasts.get_document(session, record.id) or b"{}")
    basis = cast("Literal['effective', 'billed']", document["total"]["budget"]["basis"])
    snapshot = forecasts.get_snapshot(session, record.id)
    months = load_months(session, record, query.by, largest=_GROUPS)
    plan = fleet_rows(document)
    chosen = _chosen(plan, query.fleet)
    budgets, _ = versions.page(session, after=None, limit=_BUDGETS)
    profiles, _ = export_profiles.page(session, after=None, limit=_PROFILES)
    return {
        "document": document,
        "basis": basis,
        "previous": _previous(session, record),
        "months": month_rows(document, dict(zip(months.months, months.actual, strict=True))),
        "actual_until": months.actual_until,
        "groupings": GROUPINGS,
        "group_words": GROUP_WORDS,
        "by": query.by,
        "groups": group_table(months, basis),
        "fleets": plan,
        "fleet": None if chosen is None else fleet_named(document, chosen),
        "break_even": break_even_rows(document),
        "outlooks": outlook_rows(document, declared_outlooks(snapshot)),
        "drivers": driver_rows(document),
        "decoders": decoder_findings(document, record.currency),
        "waiting": [one for one in document["workloads"] if one["waiting"] is not None],
        "warnings": _warnings(session, snapshot, document),
        "files": files_of(
            f"/v1/forecasts/{record.id}/export",
            FORMATS,
            {one.name: stored_profile(one) for one in reversed(profiles)},
            lines.codes(session, record.id),
        ),
        "budget_names": list(dict.fromkeys(one.name for one in budgets)),
    }


def _previous(session: Connection, record: ForecastRecord) -> ForecastRecord | None:
    return None if record.previous_forecast_id is None else forecasts.get(session, record.previous_forecast_id)


def _chosen(plan: list[FleetRow], wanted: str | None) -> str | None:
    """The fleet that is shown month by month: the one that was asked for, else the costliest."""
    names = [fleet.name for fleet in plan]
    if wanted is None:
        return names[0] if names else None
    if wanted not in names:
        raise BadParameters((Problem(pointer="/fleet", detail="must be a fleet of this forecast"),))
    return wanted


def _warnings(
    session: Connection, snapshot: bytes, document: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Place]]:
    found = document["warnings"]
    names, stored = _declared(session, snapshot, [one["pointer"] for one in found])
    return [(one, place_of(one["pointer"], names, stored)) for one in found]


def _declared(
    session: Connection, snapshot: bytes, pointers: list[str]
) -> tuple[DeclaredNames, dict[tuple[str, str], str]]:
    """The names in the frozen plan, and the pages of what is stored under those that the pointers lead to."""
    if not pointers:
        return _NOTHING_DECLARED, {}
    names = declared_names(snapshot)
    heads = {head for pointer in pointers if (head := names.head_of(pointer)) is not None}
    stored: dict[tuple[str, str], str] = {}
    for part, find in (("workloads", workloads.find_by_names), ("fleets", fleets.find_by_names)):
        found = find(session, [name for kind, name in heads if kind == part])
        stored |= {(part, name): f"/{part}/{one.id}" for name, one in found.items()}
    return names, stored


PAGES = (get_forecast,)
