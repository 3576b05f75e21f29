"""Workloads: the list, and the form that declares one or changes it, with its migration plan and its prices."""

from typing import Any

from litestar import Response
from sqlalchemy import Connection

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import after_id, id_from
from service.schemas.page import EstatePageQuery, cursor_after
from service.store import fleets, plans, workload_costs, workloads
from service.store.price_book import models
from service.web.forms.filling import fill
from service.web.forms.suggestions import fixed_suggestions
from service.web.forms.workload import WORKLOAD_FORM, shown_workload
from service.web.rendering import render
from service.web.views.estate import (
    fleets_of,
    models_of,
    new_workload_document,
    requests_per_month,
    targets_in_words,
)
from service.web.views.migration import migration_plan

# More names than these are typed, not chosen.
_MOST_SUGGESTED = 1000
# The prices of more models are on their own pages.
_MOST_MODELS = 6


@page("/workloads", "workloadsPage")
def get_workloads(request: Incoming) -> Response[Any]:
    query = read_query(request, EstatePageQuery)
    part = query.name.strip()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = workloads.page(session, after=after_id(query), limit=query.limit, name_part=part or None)
    return render(
        request,
        "workloads/list.html",
        rows=[(one, targets_in_words(one.document), requests_per_month(one.document)) for one in records],
        name=part,
        cursor=None if after is None else cursor_after(after),
    )


@page("/workloads/new", "newWorkloadPage")
def get_new_workload(request: Incoming) -> Response[Any]:
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        suggestions = _suggestions(session)
    return render(
        request,
        "workloads/new.html",
        filled=fill(WORKLOAD_FORM, new_workload_document(parts.clock().date())),
        suggestions=suggestions,
    )


@page("/workloads/{workload_id:str}", "workloadPage")
def get_workload(request: Incoming, workload_id: PathText) -> Response[Any]:
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = workloads.get(session, id_from(workload_id, "workload"))
        plan = None if record.plan_id is None else plans.get(session, record.plan_id)
        used = models_of(record.document)[:_MOST_MODELS]
        costs = workload_costs.newest(session, record.name)
        routed = fleets.find_by_names(session, fleets_of(record.document))
        in_force = models.in_force(session, sorted({_pair(model) for model, _ in used}), parts.clock())
        suggestions = _suggestions(session)
    return render(
        request,
        "workloads/one.html",
        workload=record,
        plan=plan,
        filled=fill(WORKLOAD_FORM, shown_workload(record.document)),
        suggestions=suggestions,
        steps=migration_plan(
            record.document,
            {} if costs is None else costs.by_month,
            {name: fleet.serves for name, fleet in routed.items()},
        ),
        costs=costs,
        fleets=routed,
        models=used,
        prices=[row for row in in_force if (f"{row.provider}/{row.model}", row.service_tier) in used],
    )


def _pair(model: str) -> tuple[str, str]:
    provider, _, name = model.partition("/")
    return provider, name


def _suggestions(session: Connection) -> dict[str, list[str]]:
    priced, _ = models.page(session, text=None, after=None, limit=_MOST_SUGGESTED)
    named, _ = fleets.page(session, after=None, limit=_MOST_SUGGESTED)
    return {
        **fixed_suggestions(),
        "models": [f"{one.provider}/{one.model}" for one in priced],
        "fleets": [one.name for one in named],
    }


PAGES = (get_workloads, get_new_workload, get_workload)
