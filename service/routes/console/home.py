"""The first page: how the budgets stand, the newest forecasts, what there is, and what to do next."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response
from sqlalchemy import Connection

from forecasts.errors import InvalidInput
from service.budgeting.comparison import Comparison
from service.budgeting.loading import load_comparison
from service.forecasting.bridging import stored_bridge
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming
from service.schemas.explained.bridge import SentenceOut
from service.store import forecasts, overview
from service.store.budgets import versions
from service.web.rendering import render
from service.web.views.home import budget_card

# What is more than this is behind a link; each budget is read with its forecast.
_BUDGETS = 3
_FORECASTS = 6
_ALERTS = 5


@page("/", "homePage")
def get_home(request: Incoming) -> Response[Any]:
    parts, caller = parts_of(request), caller_of(request)
    today = parts.clock().date()
    with parts.database.tenant(caller.workspace_id) as session:
        approved, _ = versions.page(session, after=None, limit=_BUDGETS, status="approved")
        newest, _ = forecasts.page(session, after=None, limit=_FORECASTS)
        compared = [_compared(session, record, today) for record in approved]
        counts = overview.load(session)
        alerts = overview.open_alerts(session, limit=_ALERTS)
    cards = [budget_card(comparison, drivers, _sentences(request, comparison)) for comparison, drivers in compared]
    return render(request, "home.html", cards=cards, forecasts=newest, overview=counts, alerts=alerts)


def _compared(session: Connection, record: versions.BudgetRecord, today: date) -> tuple[Comparison, list[Any]]:
    """The budget against the newest forecast that covers it, and what moves that forecast."""
    comparison = load_comparison(session, record, today=today)
    document = forecasts.get_document(session, comparison.forecast_id) or b"{}"
    drivers: list[Any] = msgspec.json.decode(document).get("sensitivity", [])
    return comparison, drivers


def _sentences(request: Request[Any, Any, Any], comparison: Comparison) -> Sequence[SentenceOut]:
    """Why the forecast costs other than the one that was approved; none where the two cannot be bridged."""
    parts, workspace_id = parts_of(request), caller_of(request).workspace_id
    ids = (comparison.standing.record.forecast_id, comparison.forecast_id)
    if ids[0] == ids[1]:
        return ()
    try:
        return parts.bridges.between(ids, partial(stored_bridge, parts.database, workspace_id, ids)).sentences
    except InvalidInput:
        return ()


PAGES = (get_home,)
