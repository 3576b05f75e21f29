"""The first page: how the budgets stand, the newest forecasts, what there is, and what to do next."""

from typing import Any

import msgspec
from litestar import Response
from sqlalchemy import Connection

from service.budgeting.loading import load_comparison
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming
from service.store import forecasts, overview
from service.store.budgets import versions
from service.web.rendering import render
from service.web.views.home import BudgetCard, budget_card

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
        return render(
            request,
            "home.html",
            cards=[_card(session, record, today) for record in approved],
            forecasts=newest,
            overview=overview.load(session),
            alerts=overview.open_alerts(session, limit=_ALERTS),
        )


def _card(session: Connection, record: versions.BudgetRecord, today: Any) -> BudgetCard:
    comparison = load_comparison(session, record, today=today)
    document = forecasts.get_document(session, comparison.forecast_id) or b"{}"
    return budget_card(comparison, msgspec.json.decode(document))


PAGES = (get_home,)
