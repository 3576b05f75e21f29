"""Recorded usage: its months, recording a file, and the rows of a month."""

from functools import partial
from typing import Any

from litestar import Response

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import after_id
from service.routes.usage import month_from
from service.schemas.page import PageQuery, cursor_after
from service.schemas.usage.record import UsageIn
from service.schemas.usage.resource import usage_out
from service.store import keys, usage
from service.web.rendering import render
from service.web.views.actors import actor_name, key_ids


class UsageMonthQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An empty `workload` is every one: a form sends it so."""

    workload: str | None = None


@page("/usage", "usagePage")
def get_usage(request: Incoming) -> Response[Any]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        months = usage.months(session)
        amounts = usage.month_amounts(session)
        names = keys.names(session, key_ids(one.closed_by for one in months))
    return render(
        request,
        "usage/list.html",
        months=months[::-1],
        amounts=amounts,
        columns=UsageIn.__struct_fields__,
        named=partial(actor_name, names=names),
    )


@page("/usage/{month:str}", "usageMonthPage")
def get_usage_month(request: Incoming, month: PathText) -> Response[Any]:
    query = read_query(request, UsageMonthQuery)
    first = month_from(month)
    workload = query.workload or None
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        rows, after = usage.page(session, after=after_id(query), limit=query.limit, month=first, workload=workload)
        names = keys.names(session, key_ids(row.recorded_by for row in rows))
    return render(
        request,
        "usage/month.html",
        month=f"{first:%Y-%m}",
        workload=workload,
        rows=[usage_out(row) for row in rows],
        named=partial(actor_name, names=names),
        cursor=None if after is None else cursor_after(after),
    )


PAGES = (get_usage, get_usage_month)
