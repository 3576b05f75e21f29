"""Budgets: the newest version of each name, putting a forecast forward, and a version with all that belongs to it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from sqlalchemy import Connection

from service.budgeting.loading import load_comparison
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.routes.budgets.comparisons import forecast_to_compare
from service.schemas.budgets.comparison import ComparisonQuery, comparison_out
from service.schemas.budgets.override import override_out
from service.schemas.budgets.version import BudgetOut, BudgetStatus, budget_out
from service.schemas.page import Name, PageQuery, cursor_after, position_of
from service.store import audit, forecasts, keys, overview
from service.store.budgets import amounts, comments, overrides, thresholds, versions
from service.store.budgets.versions import BudgetRecord
from service.web.rendering import render
from service.web.views.actors import actor_name, key_ids
from service.web.views.budgets import deeds, forecast_choices, forecast_name, threshold_words, watched
from service.wording.months import month_name

_CANDIDATES = 50
_VERSIONS = 50
_DEEDS = 100
_ALERTS = 500
_NAMES = 200
# Those that need no export profile; the page of the forecast has them all.
_EXPORTS = (("xlsx", "workbook"), ("csv-wide", "CSV by month"), ("csv-tall", "CSV of lines"), ("parquet", "Parquet"))


class BudgetsQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    status: BudgetStatus | None = None


class NewBudgetQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the form is filled with to begin with."""

    forecast: str | None = None
    name: Name | None = None


class BudgetPageQuery(ComparisonQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`month` is the one that the forms of the page begin with."""

    month: Annotated[str, msgspec.Meta(max_length=7)] | None = None


@page("/budgets", "budgetsPage")
def get_budgets(request: Incoming) -> Response[Any]:
    query = read_query(request, BudgetsQuery)
    today = parts_of(request).clock().date()
    behind = None if query.cursor is None else position_of(query.cursor)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = versions.newest_by_name(session, after=behind, limit=query.limit, status=query.status)
        approved = versions.approved(session, [record.name for record in records])
        shown = _with_overrides(session, [*records, *approved.values()], today)
        finished, _ = forecasts.page(session, after=None, limit=1, status="succeeded")
        alerts = overview.open_alerts(session, limit=_ALERTS)
    return render(
        request,
        "budgets/list.html",
        budgets=[shown[record.id] for record in records],
        approved={name: shown[record.id] for name, record in approved.items()},
        open_alerts=Counter(alert.budget_name for alert in alerts),
        has_forecasts=bool(finished),
        status=query.status,
        cursor=None if after is None else cursor_after(after),
    )


@page("/budgets/new", "newBudgetPage")
def get_new_budget(request: Incoming) -> Response[Any]:
    query = read_query(request, NewBudgetQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        finished, _ = forecasts.page(session, after=None, limit=_CANDIDATES, status="succeeded")
        if query.forecast is not None and query.forecast not in {str(one.id) for one in finished}:
            finished = [forecasts.get(session, id_from(query.forecast, "forecast")), *finished]
        known, _ = versions.newest_by_name(session, after=None, limit=_NAMES)
    return render(
        request,
        "budgets/new.html",
        choices=[(str(one.id), forecast_name(one)) for one in finished],
        chosen=query.forecast,
        name=query.name,
        names=[one.name for one in known],
    )


@page("/budgets/{budget_id:str}", "budgetPage")
def get_budget(request: Incoming, budget_id: PathText) -> Response[Any]:
    query = read_query(request, BudgetPageQuery)
    today = parts_of(request).clock().date()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = versions.get(session, id_from(budget_id, "budget"))
        shown = _shown(session, record, query, today)
    return render(request, "budgets/one.html", month=query.month, exports=_EXPORTS, **shown)


def _shown(session: Connection, record: BudgetRecord, query: BudgetPageQuery, today: date) -> dict[str, Any]:
    chosen = forecast_to_compare(session, record, query.forecast)
    said = comments.of_budget(session, record.id)
    compared = comparison_out(load_comparison(session, record, today=today, forecast=chosen), said)
    changes = overrides.of_budgets(session, [record.id])
    rules = thresholds.of_name(session, record.name)
    log, _ = audit.page(session, after=None, limit=_DEEDS, subject=versions.subject_of(record.id))
    candidates, _ = forecasts.page(session, after=None, limit=_CANDIDATES, status="succeeded")
    named, _ = versions.page(session, after=None, limit=_VERSIONS, name=record.name)
    names = keys.names(session, key_ids(_actors(record, log, said, changes)))
    return {
        "budget": budget_out(record, changes, today=today),
        "compared": compared,
        "month_choices": [(one.month, month_name(one.month)) for one in compared.months],
        "overrides": [override_out(one, record.decided_on(today)) for one in changes],
        "comments": compared.comments,
        "thresholds": [(one, threshold_words(one, record.currency)) for one in rules],
        "alerts": watched(thresholds.alerts(session, record.id), rules, record.currency),
        "choices": forecast_choices(candidates, newest=amounts.newest_covering(session, record), chosen=chosen),
        "versions": list(_with_overrides(session, named, today).values()),
        "deeds": deeds(log, names, record.currency),
        "named": partial(actor_name, names=names),
    }


def _with_overrides(session: Connection, records: Iterable[BudgetRecord], today: date) -> dict[UUID, BudgetOut]:
    """The budgets as the API shows them, by id and in their order."""
    found = {record.id: record for record in records}
    changes = overrides.of_budgets(session, found)
    return {
        record.id: budget_out(record, [one for one in changes if one.budget_id == record.id], today=today)
        for record in found.values()
    }


def _actors(record: BudgetRecord, *rest: Iterable[Any]) -> list[str | None]:
    """Everybody whose name the page shows."""
    found = [record.created_by, record.submitted_by, record.approved_by]
    for one in (one for rows in rest for one in rows):
        found += [getattr(one, name, None) for name in ("actor", "created_by", "withdrawn_by")]
    return found


PAGES = (get_budgets, get_new_budget, get_budget)
