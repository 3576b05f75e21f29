"""Prices: what is in force, each model's history and projection, contradictions, and what catalogues propose."""

from typing import Annotated, Any

import msgspec
from litestar import Response

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, read_query
from service.protocol.resources import after_id
from service.schemas.page import PageQuery, bad_cursor, cursor_after, position_of
from service.schemas.pricing.history_query import PriceHistoryQuery
from service.schemas.pricing.proposal import ProposalStatus
from service.store import forecasts
from service.store.errors import NotFound
from service.store.price_book import models, proposals
from service.store.price_book.conflicts import conflicts_known
from service.store.prices import known_prices
from service.web.rendering import render
from service.web.views.prices import METERS, rate_table

_OUTLOOKS = ("projected_cut", "planning_haircut", "hold", "history", "scheduled")
_MOST_CONFLICTS = 50
_BETWEEN = "\n"

SearchText = Annotated[str, msgspec.Meta(max_length=200)]


class PricesPageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    search: SearchText = ""


class ProposalsPageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    status: ProposalStatus = "open"


@page("/prices", "pricesPage")
def get_prices(request: Incoming) -> Response[Any]:
    query = read_query(request, PricesPageQuery)
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        found, last = models.page(session, text=query.search.strip(), after=_after(query.cursor), limit=query.limit)
        pairs = [(one.provider, one.model) for one in found]
        rates = rate_table(found, models.in_force(session, pairs, parts.clock()))
        waiting, _ = proposals.page(session, status="open", after=None, limit=1)
        newest, _ = forecasts.page(session, after=None, limit=1, status="succeeded")
        document = forecasts.get_document(session, newest[0].id) if newest else None
    return render(
        request,
        "prices.html",
        rates=rates,
        meters=METERS,
        search=query.search,
        cursor=None if last is None else cursor_after(_BETWEEN.join(last)),
        proposals_wait=bool(waiting),
        forecast=newest[0] if newest else None,
        providers=[] if document is None else [one["name"] for one in msgspec.json.decode(document)["providers"]],
    )


@page("/prices/model", "modelPricesPage")
def get_model(request: Incoming) -> Response[Any]:
    query = read_query(request, PriceHistoryQuery)
    parts = parts_of(request)
    now = parts.clock()
    route = query.to_terms(now.date()).route
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        rows = known_prices(session, [(route.provider, route.model)], as_of=now)
        if not rows:
            raise NotFound("model", query.model[:64])
        in_force = {one.id for one in models.in_force(session, [(route.provider, route.model)], now)}
        contradictions, _ = conflicts_known(
            session, as_of=now, provider=route.provider, model=route.model, after=None, limit=_MOST_CONFLICTS
        )
    return render(
        request,
        "model_prices.html",
        model=query.model,
        provider=route.provider,
        name=route.model,
        rows=sorted(rows, key=lambda one: (one.effective_from, one.recorded_at), reverse=True),
        in_force=in_force,
        contradictions=contradictions,
        outlook=query.outlook,
        outlooks=_OUTLOOKS,
        service_tier=query.service_tier,
        today=now.date(),
    )


@page("/prices/proposals", "proposalsPage")
def get_proposals(request: Incoming) -> Response[Any]:
    query = read_query(request, ProposalsPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        found, after = proposals.page(session, status=query.status, after=after_id(query), limit=query.limit)
    return render(
        request,
        "proposals.html",
        proposals=found,
        status=query.status,
        cursor=None if after is None else cursor_after(after),
    )


def _after(cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    provider, between, model = position_of(cursor).partition(_BETWEEN)
    if not between or "\0" in cursor:
        raise bad_cursor()
    return provider, model


PAGES = (get_prices, get_model, get_proposals)
