"""Idempotency keys: a POST that names itself is done once, and its first answer given to every repetition."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import Connection

from service.answers import Answer
from service.problems import problem_answer
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, idempotency_key
from service.refusals import IdempotencyKeyBusy, IdempotencyKeyReused
from service.store import idempotency

# Longer than any request may work, so that a key comes free only when its holder must be dead.
_SECONDS_LOCKED = 120.0
_CONTENT_TYPE = "Content-Type"


@dataclass(frozen=True)
class Keep:
    """Called with the answer inside the transaction of the work, so that both are stored or neither.

    Called again with what was sent after all, when that is only known later.
    """

    fresh: idempotency.Fresh | None

    def __call__(self, session: Connection, answer: Answer) -> Answer:
        if self.fresh is not None:
            _store(session, self.fresh, answer)
        return answer


def answer_once(request: Incoming, body: bytes, work: Callable[[Keep], Answer]) -> Answer:
    """What `work` answers, or what it answered the first time this request was sent with its Idempotency-Key.

    `work` passes its answer through the Keep inside its own transaction. A crash before that transaction commits
    leaves a key that comes free by itself; a crash after it leaves the stored answer. Refusals are kept as well;
    failures of ours are not.
    """
    key = idempotency_key(request)
    if key is None:
        return work(Keep(None))
    parts = parts_of(request)
    workspace_id = caller_of(request).workspace_id
    with parts.database.tenant(workspace_id) as session:
        begun = idempotency.begin(
            session,
            route=f"{request.method} {request.scope['path']}",
            key=key,
            request_hash=_request_hash(request, body),
            lock_seconds=_SECONDS_LOCKED,
            now=parts.clock(),
        )
    match begun:
        case idempotency.Running():
            raise IdempotencyKeyBusy
        case idempotency.Mismatch():
            raise IdempotencyKeyReused
        case idempotency.Replay():
            return _replayed(begun)
    try:
        return work(Keep(begun))
    except Exception as error:
        answer = problem_answer(error, instance=request.scope["path"])
        with parts.database.tenant(workspace_id) as session:
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                _store(session, begun, answer)
            else:
                idempotency.abandon(session, begun)
        raise


def _store(session: Connection, fresh: idempotency.Fresh, answer: Answer) -> None:
    idempotency.finish(
        session,
        fresh,
        status=answer.status,
        headers={**answer.headers, _CONTENT_TYPE: answer.media_type},
        body=answer.body,
    )


def _replayed(replay: idempotency.Replay) -> Answer:
    headers = {**replay.headers, "Idempotent-Replayed": "true"}
    media_type = headers.pop(_CONTENT_TYPE)
    return Answer(status=replay.status, body=replay.body, headers=headers, media_type=media_type)


def _request_hash(request: Incoming, body: bytes) -> bytes:
    # The query is part of the request: a dry run is not the same as the real thing.
    digest = hashlib.sha256(request.scope["query_string"])
    digest.update(b"\n")
    digest.update(body)
    return digest.digest()
