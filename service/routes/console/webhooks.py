"""Webhooks: endpoints, what was sent to one, one delivery with its attempts, and dead letters."""

from typing import Annotated, Any

import msgspec
from litestar import Response

from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import after_id, id_from
from service.schemas.page import PageQuery, cursor_after
from service.schemas.webhooks.delivery import DeliveryQuery, delivery_out, delivery_with_log
from service.schemas.webhooks.endpoint import WebhookIn, webhook_out
from service.store.webhooks import deliveries, endpoints, standing
from service.store.webhooks.endpoints import EndpointRecord
from service.web.rendering import render
from service.web.views.webhooks import endpoint_state, events_words, receivers_guide
from service.webhooks.events import EVENTS


class DeadLettersPageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`replayed` is how many the button before this page sent again."""

    replayed: Annotated[int, msgspec.Meta(ge=0)] | None = None


@page("/webhooks", "webhooksPage")
def get_webhooks(request: Incoming) -> Response[Any]:
    query = read_query(request, PageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = endpoints.page(session, after=after_id(query), limit=query.limit)
    return render(
        request,
        "webhooks/list.html",
        endpoints=[(one, endpoint_state(one), events_words(one.events)) for one in records],
        offered=EVENTS,
        guide=receivers_guide(),
        cursor=None if after is None else cursor_after(after),
    )


@page("/webhooks/dead-letters", "deadLettersPage")
def get_dead_letters(request: Incoming) -> Response[Any]:
    query = read_query(request, DeadLettersPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = deliveries.page(
            session, endpoint_id=None, status="dead", after=after_id(query), limit=query.limit
        )
        owners = endpoints.by_id(session, {one.endpoint_id for one in records})
        replayable = standing.has_replayable(session)
    return render(
        request,
        "webhooks/dead_letters.html",
        deliveries=[delivery_out(one) for one in records],
        owners=owners,
        held={},
        replayable=replayable,
        replayed=query.replayed,
        cursor=None if after is None else cursor_after(after),
    )


@page("/webhooks/deliveries/{delivery_id:str}", "deliveryPage")
def get_delivery(request: Incoming, delivery_id: PathText) -> Response[Any]:
    found = id_from(delivery_id, deliveries.RESOURCE)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = deliveries.get(session, found)
        endpoint = endpoints.get(session, record.endpoint_id)
        body = deliveries.body_of(session, found)
        shown = delivery_with_log(record, body, deliveries.attempts_at(session, found))
        waits_for = standing.held_back(session, [found]).get(found)
    return render(
        request,
        "webhooks/delivery.html",
        delivery=shown.delivery,
        log=shown.log,
        body=msgspec.json.format(body, indent=2).decode(),
        endpoint=endpoint,
        waits_for=waits_for,
    )


@page("/webhooks/{webhook_id:str}", "webhookPage")
def get_webhook(request: Incoming, webhook_id: PathText) -> Response[Any]:
    query = read_query(request, DeliveryQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = endpoints.get(session, id_from(webhook_id, endpoints.RESOURCE))
        sent, after = deliveries.page(
            session, endpoint_id=record.id, status=query.status, after=after_id(query), limit=query.limit
        )
        held = standing.held_back(session, [one.id for one in sent])
    declared = _declared(record)
    switched = msgspec.structs.replace(declared, enabled=not declared.enabled)
    return render(
        request,
        "webhooks/one.html",
        endpoint=record,
        state=endpoint_state(record),
        document=msgspec.to_builtins(declared),
        switched=msgspec.json.encode(switched).decode(),
        offered=EVENTS,
        guide=receivers_guide(),
        deliveries=[delivery_out(one) for one in sent],
        owners={record.id: record},
        held=held,
        status=query.status,
        cursor=None if after is None else cursor_after(after),
    )


def _declared(record: EndpointRecord) -> WebhookIn:
    """The endpoint as one sends it to the API."""
    out = webhook_out(record)
    return WebhookIn(**{name: getattr(out, name) for name in WebhookIn.__struct_fields__})


PAGES = (get_webhooks, get_dead_letters, get_delivery, get_webhook)
