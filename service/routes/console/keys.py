"""API keys: those there are, and making one, for who holds the scope `admin`."""

from typing import Any

from litestar import Response

from service.protocol.operations import SCOPES
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, read_query
from service.protocol.resources import after_id
from service.schemas.page import PageQuery, cursor_after
from service.store import keys
from service.web.rendering import render
from service.web.views.keys import expiries, key_state

_WHAT = {
    "read": "read everything",
    "write": "declare workloads, fleets and prices, forecast, draft budgets",
    "approve": "approve budgets, close months",
    "admin": "make and revoke keys; declare webhooks, which send events to any public address",
}


@page("/keys", "keysPage")
def get_keys(request: Incoming) -> Response[Any]:
    query = read_query(request, PageQuery)
    caller, now = caller_of(request), parts_of(request).clock()
    if "admin" not in caller.scopes:
        return render(request, "keys/closed.html")
    with parts_of(request).database.tenant(caller.workspace_id) as session:
        records, after = keys.list_keys(session, after=after_id(query), limit=query.limit)
    return render(
        request,
        "keys/list.html",
        keys=[(record, key_state(record, now)) for record in records],
        own=caller.key_id,
        scope_choices=[(scope, f"{scope}: {_WHAT[scope]}") for scope in SCOPES],
        expiries=expiries(now),
        cursor=None if after is None else cursor_after(after),
    )


PAGES = (get_keys,)
