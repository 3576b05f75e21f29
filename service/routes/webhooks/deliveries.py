"""Deliveries: what became of each event at an endpoint, attempt by attempt, and sending one again."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, NOT_FOUND, WRONG_STATUS
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_query
from service.protocol.resources import after_id, id_from, page_answer
from service.routes.webhooks.endpoints import ONE
from service.schemas.webhooks.delivery import (
    DeliveryOut,
    DeliveryPage,
    DeliveryQuery,
    DeliveryWithLog,
    delivery_out,
    delivery_with_log,
)
from service.store import audit
from service.store.webhooks import deliveries, endpoints

# Not below the endpoints: beside `/v1/webhooks/{webhook_id}/deliveries` an address could mean either.
DELIVERIES = "/v1/deliveries"
_ONE = DELIVERIES + "/{delivery_id:str}"
_READ: dict[str, Any] = {"tag": "webhooks", "scope": "read"}


@operation(
    "GET",
    ONE + "/deliveries",
    "listDeliveries",
    summary="What was and is to be sent to an endpoint, the newest first; ended deliveries are kept for 30 days",
    query=DeliveryQuery,
    answers={200: Answered(shape=DeliveryPage, headers=("Link",))},
    problems=(NOT_FOUND,),
    **_READ,
)
def list_deliveries(request: Incoming, webhook_id: PathText) -> Response[bytes]:
    found = id_from(webhook_id, endpoints.RESOURCE)
    query = read_query(request, DeliveryQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        endpoints.get(session, found)
        records, after = deliveries.page(
            session, endpoint_id=found, status=query.status, after=after_id(query), limit=query.limit
        )
    return page_answer(request, query, map(delivery_out, records), after).response()


@operation(
    "GET",
    _ONE,
    "getDelivery",
    summary="One delivery with its body and the log of its attempts",
    answers={200: Answered(shape=DeliveryWithLog)},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_delivery(request: Incoming, delivery_id: PathText) -> Response[bytes]:
    found = id_from(delivery_id, deliveries.RESOURCE)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = deliveries.get(session, found)
        body = deliveries.body_of(session, found)
        attempts = deliveries.attempts_at(session, found)
    return json_answer(delivery_with_log(record, body, attempts)).response()


@operation(
    "POST",
    _ONE + "/replay",
    "replayDelivery",
    summary="Send a delivery again that was delivered or is dead, under its first id and by the whole schedule",
    takes=("Idempotency-Key",),
    answers={
        202: Answered(
            shape=DeliveryOut, headers=("Location", "Idempotent-Replayed"), description="Accepted; look at Location."
        )
    },
    problems=(NOT_FOUND, WRONG_STATUS, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="webhooks",
    scope="write",
)
def replay_delivery(request: Incoming, body: BodyBytes, delivery_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_replay_delivery, request, delivery_id)).response()


def _replay_delivery(request: Incoming, delivery_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(delivery_id, deliveries.RESOURCE)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        record = deliveries.replay(session, found, now=now)
        audit.record(session, actor=caller.actor, action="delivery.replay", subject=f"delivery/{found}", now=now)
        location = {"Location": f"{DELIVERIES}/{found}"}
        return keep(session, json_answer(delivery_out(record), status=202, headers=location))


ROUTES = (list_deliveries, get_delivery, replay_delivery)
