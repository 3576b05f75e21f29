"""Idempotency keys: the first answer to a POST is kept for a day and given again to its repetitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.store.database import workspace_of
from service.store.errors import IdempotencyConflict
from service.store.tables import IdempotencyKeys

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Fresh:
    """The request may run; `finish` or `abandon` must follow with this token."""

    route: str
    key: str
    token: UUID


@dataclass(frozen=True)
class Replay:
    """The request was answered before, so."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Running:
    """The first request with this key is not answered yet."""


@dataclass(frozen=True)
class Mismatch:
    """The key was used for another request."""


Begun = Fresh | Replay | Running | Mismatch


def begin(
    session: Connection, *, route: str, key: str, request_hash: bytes, lock_seconds: float, now: datetime
) -> Begun:
    """Commit this before the work, so that a repetition meanwhile sees that the request runs.

    A key whose holder died becomes free for the same request after `lock_seconds`, and for any after a day.
    """
    token = uuid4()
    forgotten = IdempotencyKeys.created_at < now - KEPT
    given_up = and_(
        IdempotencyKeys.state == "running",
        IdempotencyKeys.locked_until < now,
        IdempotencyKeys.request_hash == request_hash,
    )
    values = {
        "request_hash": request_hash,
        "state": "running",
        "token": token,
        "locked_until": now + timedelta(seconds=lock_seconds),
        "created_at": now,
        "response_status": None,
        "response_headers": None,
        "response_body": None,
    }
    taken = session.execute(
        insert(IdempotencyKeys)
        .values(workspace_id=workspace_of(session), route=route, key=key, **values)
        .on_conflict_do_update(
            index_elements=["workspace_id", "route", "key"], set_=values, where=or_(forgotten, given_up)
        )
        .returning(IdempotencyKeys.token)
    ).one_or_none()
    if taken is not None:
        return Fresh(route, key, token)
    row = session.execute(
        select(
            IdempotencyKeys.request_hash,
            IdempotencyKeys.state,
            IdempotencyKeys.response_status,
            IdempotencyKeys.response_headers,
            IdempotencyKeys.response_body,
        ).where(IdempotencyKeys.route == route, IdempotencyKeys.key == key)
    ).one_or_none()
    if row is None:  # abandoned between the two statements
        return Running()
    if row.request_hash != request_hash:
        return Mismatch()
    if row.response_status is None:
        return Running()
    return Replay(row.response_status, row.response_headers or {}, row.response_body or b"")


def finish(session: Connection, fresh: Fresh, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keeps the answer, in the transaction of the work itself; raises IdempotencyConflict if the lock was lost.

    Letting that error roll the work back is what makes a request with a key happen at most once.
    """
    statement = (
        update(IdempotencyKeys)
        .where(_held(fresh))
        .values(state="finished", response_status=status, response_headers=dict(headers), response_body=body)
        .returning(IdempotencyKeys.token)
    )
    if session.execute(statement).one_or_none() is None:
        raise IdempotencyConflict(fresh.route, fresh.key)


def abandon(session: Connection, fresh: Fresh) -> None:
    """Frees the key after an answer that is not kept (a failure of ours)."""
    session.execute(delete(IdempotencyKeys).where(_held(fresh), IdempotencyKeys.state == "running"))


def clean(system_session: Connection, *, now: datetime) -> int:
    """Forgets keys older than a day; answers how many."""
    statement = delete(IdempotencyKeys).where(IdempotencyKeys.created_at < now - KEPT)
    return len(system_session.execute(statement.returning(IdempotencyKeys.created_at)).all())


def _held(fresh: Fresh) -> ColumnElement[bool]:
    return and_(
        IdempotencyKeys.route == fresh.route,
        IdempotencyKeys.key == fresh.key,
        IdempotencyKeys.token == fresh.token,
    )
