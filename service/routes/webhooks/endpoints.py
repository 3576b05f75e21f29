"""Endpoints of webhooks: made, read, replaced under a condition, deleted with everything that was sent to them."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer, no_content
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NOT_FOUND,
    STALE_VERSION,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query, version_tag
from service.protocol.resources import after_id, changed, expected_version, id_from, page_answer
from service.schemas.page import PageQuery
from service.schemas.webhooks.endpoint import (
    WebhookIn,
    WebhookOut,
    WebhookPage,
    WebhookSecret,
    new_endpoint,
    webhook_out,
)
from service.store import audit
from service.store.webhooks import deliveries, endpoints, secrets
from service.webhooks.addresses import AddressRule
from service.webhooks.signing import new_secret

PATH = "/v1/webhooks"
ONE = PATH + "/{webhook_id:str}"

_READ: dict[str, Any] = {"tag": "webhooks", "scope": "read"}
_ADMIN: dict[str, Any] = {"tag": "webhooks", "scope": "admin"}


@operation(
    "POST",
    PATH,
    "createWebhook",
    summary="Have events sent to an address; the secret that signs them is shown in this answer and never again",
    body=WebhookIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=WebhookSecret, headers=("Location", "ETag", "Idempotent-Replayed"))},
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_ADMIN,
)
def create_webhook(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_webhook, request, body)).response()


def _create_webhook(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    row = new_endpoint(read_body(request, body, WebhookIn), _rule(request))
    now = parts.clock()
    secret = new_secret()
    with parts.database.tenant(caller.workspace_id) as session:
        record = endpoints.add(session, row, now=now)
        secrets.add(session, record.id, secret, old_until=now, now=now)
        audit.record(session, actor=caller.actor, action="webhook.create", subject=f"webhook/{record.id}", now=now)
        headers = {"Location": f"{PATH}/{record.id}", "ETag": version_tag(record.version)}
        # The kept answer has no secret: what signs lies in one table alone.
        hidden = WebhookSecret(webhook=webhook_out(record), secret=None, previous_secret_until=None)
        keep(session, json_answer(hidden, status=201, headers=headers))
    made = WebhookSecret(webhook=webhook_out(record), secret=secret, previous_secret_until=None)
    return json_answer(made, status=201, headers={**headers, "Cache-Control": "no-store"})


@operation(
    "GET",
    PATH,
    "listWebhooks",
    summary="Endpoints in the order they were made, without their secrets",
    query=PageQuery,
    answers={200: Answered(shape=WebhookPage, headers=("Link",))},
    **_READ,
)
def list_webhooks(request: Incoming) -> Response[bytes]:
    query = read_query(request, PageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = endpoints.page(session, after=after_id(query), limit=query.limit)
    return page_answer(request, query, map(webhook_out, records), after).response()


@operation(
    "GET",
    ONE,
    "getWebhook",
    summary="One endpoint, and how it fares",
    answers={200: Answered(shape=WebhookOut, headers=("ETag",))},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_webhook(request: Incoming, webhook_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = endpoints.get(session, id_from(webhook_id, endpoints.RESOURCE))
    # How it fares is no new version, so that nobody's If-Match is refused because an attempt failed: hence no 304.
    return changed(record, webhook_out(record)).response()


@operation(
    "PUT",
    ONE,
    "replaceWebhook",
    summary="Replace an endpoint that has not changed since it was read; its secret stays",
    description="What waits for an endpoint that is disabled becomes a dead letter.",
    body=WebhookIn,
    takes=("If-Match",),
    answers={200: Answered(shape=WebhookOut, headers=("ETag",))},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, INVALID_INPUT),
    **_ADMIN,
)
def replace_webhook(request: Incoming, body: BodyBytes, webhook_id: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(webhook_id, endpoints.RESOURCE)
    sent = read_body(request, body, WebhookIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: endpoints.get(session, found).version)
    # Between two transactions, since names are resolved; the version is what holds them together.
    row = new_endpoint(sent, _rule(request))
    with parts.database.tenant(caller.workspace_id) as session:
        record = endpoints.replace(session, found, row, expected_version=version, now=now)
        audit.record(session, actor=caller.actor, action="webhook.replace", subject=f"webhook/{found}", now=now)
        deliveries.bury_disabled(session, now=now)
    return changed(record, webhook_out(record)).response()


@operation(
    "DELETE",
    ONE,
    "deleteWebhook",
    summary="Delete an endpoint, with its deliveries and their log",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING),
    **_ADMIN,
)
def delete_webhook(request: Incoming, webhook_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(webhook_id, endpoints.RESOURCE)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: endpoints.get(session, found).version)
        endpoints.remove(session, found, expected_version=version)
        audit.record(session, actor=caller.actor, action="webhook.delete", subject=f"webhook/{found}", now=now)
    return no_content()


def _rule(request: Incoming) -> AddressRule:
    return AddressRule(allowed=parts_of(request).settings.webhook_allowed_networks)


ROUTES = (create_webhook, list_webhooks, get_webhook, replace_webhook, delete_webhook)
