"""What an endpoint's owner does to see it verified: a new secret, and an event that says nothing but hello."""

from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, NOT_FOUND, WRONG_STATUS
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, version_tag
from service.protocol.resources import id_from
from service.routes.webhooks.deliveries import DELIVERIES
from service.routes.webhooks.endpoints import ONE, PATH
from service.schemas.webhooks.delivery import DeliveryOut, delivery_out
from service.schemas.webhooks.endpoint import RotationIn, WebhookSecret, webhook_out
from service.store import audit
from service.store.errors import WrongStatus
from service.store.ids import new_id
from service.store.webhooks import deliveries, endpoints, secrets
from service.store.webhooks.deliveries import NewDelivery
from service.webhooks.envelopes import Event, enveloped
from service.webhooks.events import PING
from service.webhooks.signing import new_secret

_ADMIN: dict[str, Any] = {"tag": "webhooks", "scope": "admin"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)


@operation(
    "POST",
    ONE + "/rotate-secret",
    "rotateWebhookSecret",
    summary="Sign with a new secret, shown in this answer and never again; the old one signs beside it for a while",
    body=RotationIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=WebhookSecret, headers=("ETag", "Idempotent-Replayed"))},
    problems=(NOT_FOUND, *_ONCE),
    **_ADMIN,
)
def rotate_secret(request: Incoming, body: BodyBytes, webhook_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_rotate_secret, request, body, webhook_id)).response()


def _rotate_secret(request: Incoming, body: bytes, webhook_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(webhook_id, endpoints.RESOURCE)
    sent = read_body(request, body, RotationIn)
    now = parts.clock()
    until = now + timedelta(hours=sent.overlap_hours)
    secret = new_secret()
    with parts.database.tenant(caller.workspace_id) as session:
        # Its next version holds the row, so that rotations come one after the other.
        record = endpoints.touch(session, found, now=now)
        secrets.add(session, found, secret, old_until=until, now=now)
        detail = {"previous_secret_until": until}
        subject = f"webhook/{found}"
        audit.record(
            session, actor=caller.actor, action="webhook.rotate_secret", subject=subject, detail=detail, now=now
        )
        headers = {"ETag": version_tag(record.version)}
        hidden = WebhookSecret(webhook=webhook_out(record), secret=None, previous_secret_until=until)
        keep(session, json_answer(hidden, headers=headers))
    shown = WebhookSecret(webhook=webhook_out(record), secret=secret, previous_secret_until=until)
    return json_answer(shown, headers={**headers, "Cache-Control": "no-store"})


@operation(
    "POST",
    ONE + "/test",
    "testWebhook",
    summary=f"Send the event {PING} to an endpoint; the delivery tells what came back",
    takes=("Idempotency-Key",),
    answers={
        202: Answered(
            shape=DeliveryOut, headers=("Location", "Idempotent-Replayed"), description="Accepted; look at Location."
        )
    },
    problems=(NOT_FOUND, WRONG_STATUS, *_ONCE),
    **_ADMIN,
)
def test_webhook(request: Incoming, body: BodyBytes, webhook_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_test_webhook, request, webhook_id)).response()


def _test_webhook(request: Incoming, webhook_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(webhook_id, endpoints.RESOURCE)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        endpoint = endpoints.get(session, found)
        if endpoint.disabled_at is not None:
            raise WrongStatus(endpoints.RESOURCE, found, "disabled", "enabled")
        ping = Event(
            id=new_id(),
            workspace_id=caller.workspace_id,
            name=PING,
            subject=f"webhook/{found}",
            data={"id": found, "href": f"{PATH}/{found}", "by": caller.actor},
            at=now,
        )
        content_type, body = enveloped(ping, endpoint.envelope)
        record = deliveries.add(
            session,
            NewDelivery(
                workspace_id=ping.workspace_id,
                endpoint_id=found,
                event_id=ping.id,
                event=ping.name,
                subject=ping.subject,
                content_type=content_type,
                body=body,
            ),
            now=now,
        )
        endpoints.wake(session, [found])
        location = {"Location": f"{DELIVERIES}/{record.id}"}
        return keep(session, json_answer(delivery_out(record), status=202, headers=location))


ROUTES = (rotate_secret, test_webhook)
