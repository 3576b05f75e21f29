"""Fleets: the list, and the form that declares one or changes it, with the workloads that run on it."""

from typing import Any

from litestar import Response
from sqlalchemy import Connection

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import after_id, id_from
from service.schemas.page import EstatePageQuery, cursor_after
from service.store import fleets, plans, workloads
from service.store.price_book import models
from service.web.forms.filling import fill
from service.web.forms.fleet import FLEET_FORM
from service.web.forms.suggestions import fixed_suggestions
from service.web.rendering import render
from service.web.views.estate import decoder_of, new_fleet_document

_MOST_SUGGESTED = 1000
# A fleet with more is better asked for in the list of workloads.
_MOST_WORKLOADS = 100


@page("/fleets", "fleetsPage")
def get_fleets(request: Incoming) -> Response[Any]:
    query = read_query(request, EstatePageQuery)
    part = query.name.strip()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = fleets.page(session, after=after_id(query), limit=query.limit, name_part=part or None)
    return render(
        request,
        "fleets/list.html",
        rows=[(one, decoder_of(one.document)) for one in records],
        name=part,
        cursor=None if after is None else cursor_after(after),
    )


@page("/fleets/new", "newFleetPage")
def get_new_fleet(request: Incoming) -> Response[Any]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        suggestions = _suggestions(session)
    return render(request, "fleets/new.html", filled=fill(FLEET_FORM, new_fleet_document()), suggestions=suggestions)


@page("/fleets/{fleet_id:str}", "fleetPage")
def get_fleet(request: Incoming, fleet_id: PathText) -> Response[Any]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = fleets.get(session, id_from(fleet_id, "fleet"))
        plan = None if record.plan_id is None else plans.get(session, record.plan_id)
        routed = workloads.routed_to(session, record.name, limit=_MOST_WORKLOADS)
        suggestions = _suggestions(session)
    return render(
        request,
        "fleets/one.html",
        fleet=record,
        plan=plan,
        filled=fill(FLEET_FORM, record.document),
        workloads=routed,
        suggestions=suggestions,
    )


def _suggestions(session: Connection) -> dict[str, list[str]]:
    priced, _ = models.page(session, text=None, after=None, limit=_MOST_SUGGESTED)
    return {**fixed_suggestions(), "models": [f"{one.provider}/{one.model}" for one in priced]}


PAGES = (get_fleets, get_new_fleet, get_fleet)
