"""Dead letters: deliveries that no attempt brought to their receiver, and sending them all again."""

from functools import partial

from litestar import Response

from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body, read_query
from service.protocol.resources import after_id, page_answer
from service.routes.webhooks.endpoints import PATH
from service.schemas.webhooks.delivery import (
    DeadLetterQuery,
    DeadLettersIn,
    DeadLettersReplayed,
    DeliveryPage,
    delivery_out,
)
from service.store import audit
from service.store.webhooks import deliveries, endpoints

_LETTERS = PATH + "/dead-letters"


@operation(
    "GET",
    _LETTERS,
    "listDeadLetters",
    summary="Deliveries that were given up, the newest first, of one endpoint or of all",
    query=DeadLetterQuery,
    answers={200: Answered(shape=DeliveryPage, headers=("Link",))},
    tag="webhooks",
    scope="read",
)
def list_dead_letters(request: Incoming) -> Response[bytes]:
    query = read_query(request, DeadLetterQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = deliveries.page(
            session, endpoint_id=query.webhook_id, status="dead", after=after_id(query), limit=query.limit
        )
    return page_answer(request, query, map(delivery_out, records), after).response()


@operation(
    "POST",
    _LETTERS + "/replay",
    "replayDeadLetters",
    summary="Send every dead letter again, of one endpoint or of all that are enabled; each keeps its first id",
    body=DeadLettersIn,
    takes=("Idempotency-Key",),
    answers={
        202: Answered(shape=DeadLettersReplayed, headers=("Idempotent-Replayed",), description="They are due now.")
    },
    problems=(NOT_FOUND, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="webhooks",
    scope="write",
)
def replay_dead_letters(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_replay_dead_letters, request, body)).response()


def _replay_dead_letters(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, DeadLettersIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        if sent.webhook_id is not None:
            endpoints.get(session, sent.webhook_id)
        replayed = deliveries.replay_dead(session, endpoint_id=sent.webhook_id, now=now)
        subject = "webhooks" if sent.webhook_id is None else f"webhook/{sent.webhook_id}"
        detail = {"replayed": replayed}
        audit.record(session, actor=caller.actor, action="dead_letters.replay", subject=subject, detail=detail, now=now)
        return keep(session, json_answer(DeadLettersReplayed(replayed=replayed), status=202))


ROUTES = (list_dead_letters, replay_dead_letters)
