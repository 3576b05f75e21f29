"""API keys of the workspace: made, listed, revoked by who holds the scope `admin`."""

from functools import partial
from typing import Any

from litestar import Response

from forecasts.errors import InvalidInput, Problem
from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, id_from, page_answer
from service.schemas.key import KeyCreated, KeyIn, KeyOut, KeyPage, key_out
from service.schemas.page import PageQuery
from service.store import audit, keys

PATH = "/v1/keys"

_KEYS: dict[str, Any] = {"tag": "keys", "scope": "admin"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)


@operation(
    "POST",
    PATH,
    "createKey",
    summary="Make a key; its secret is shown in this answer and never again",
    body=KeyIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=KeyCreated, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, *_ONCE),
    **_KEYS,
)
def create_key(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_key, request, body)).response()


def _create_key(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, KeyIn)
    now = parts.clock()
    if sent.expires_at is not None and sent.expires_at <= now:
        raise InvalidInput((Problem(pointer="/expires_at", detail="must be in the future"),))
    with parts.database.tenant(caller.workspace_id) as session:
        record, secret = keys.create_key(
            session,
            workspace_id=caller.workspace_id,
            name=sent.name,
            scopes=sent.scopes,
            expires_at=sent.expires_at,
            now=now,
        )
        audit.record(
            session,
            actor=caller.actor,
            action="key.create",
            subject=f"key/{record.id}",
            detail={"name": record.name, "scopes": record.scopes},
            now=now,
        )
        # The kept answer has no secret: it would lie readable in the database for a day.
        keep(session, json_answer(KeyCreated(key=key_out(record), secret=None), status=201))
    return json_answer(
        KeyCreated(key=key_out(record), secret=secret), status=201, headers={"Cache-Control": "no-store"}
    )


@operation(
    "GET",
    PATH,
    "listKeys",
    summary="Keys in the order they were made, revoked ones too",
    query=PageQuery,
    answers={200: Answered(shape=KeyPage, headers=("Link",))},
    **_KEYS,
)
def list_keys(request: Incoming) -> Response[bytes]:
    query = read_query(request, PageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = keys.list_keys(session, after=after_id(query), limit=query.limit)
    return page_answer(request, query, map(key_out, records), after).response()


@operation(
    "POST",
    PATH + "/{key_id:str}/revoke",
    "revokeKey",
    summary="Revoke a key for ever; revoking again changes nothing",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=KeyOut, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, *_ONCE),
    **_KEYS,
)
def revoke_key(request: Incoming, body: BodyBytes, key_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_revoke_key, request, key_id)).response()


def _revoke_key(request: Incoming, key_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        record = keys.revoke_key(session, id_from(key_id, "key"), now=now)
        audit.record(session, actor=caller.actor, action="key.revoke", subject=f"key/{record.id}", now=now)
        answer = keep(session, json_answer(key_out(record)))
    parts.keyring.forget(record.id)
    return answer


ROUTES = (create_key, list_keys, revoke_key)
