"""Sessions of the console: a random token opens one, its hash is kept, and the key it came from decides what it may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from service.store.database import workspace_of
from service.store.keys import Key
from service.store.metadata import table_of
from service.store.statements import Statement
from service.store.tables import ApiKeys, ConsoleSessions
from service.store.tokens import hash_of, new_token

LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)

# As with keys: noting each request would turn every read into a write.
_SEEN_NOTED_EVERY = timedelta(minutes=1)

_SESSIONS, _KEYS = table_of(ConsoleSessions), table_of(ApiKeys)
_FIND = Statement(
    select(
        _SESSIONS.c.last_seen_at,
        _SESSIONS.c.expires_at,
        _KEYS.c.id.label("key_id"),
        _KEYS.c.workspace_id,
        _KEYS.c.scopes,
        _KEYS.c.expires_at.label("key_expires_at"),
    )
    .join(_KEYS, _KEYS.c.id == _SESSIONS.c.key_id)
    .where(
        _SESSIONS.c.token_hash == bindparam("hash"),
        _SESSIONS.c.expires_at > bindparam("now"),
        _SESSIONS.c.last_seen_at > bindparam("idle_since"),
        _KEYS.c.revoked_at.is_(None),
        or_(_KEYS.c.expires_at.is_(None), _KEYS.c.expires_at > bindparam("now")),
    )
)


@dataclass(frozen=True)
class ConsoleSession:
    """What a session may do, which is what its key may do, and until when if nothing else is heard of it."""

    key: Key
    ends_at: datetime


def open_session(session: Connection, key_id: UUID, *, now: datetime) -> str:
    """A new session from this key of the transaction's workspace; answers its token, which nobody can read again."""
    token = new_token()
    session.execute(
        insert(ConsoleSessions).values(
            token_hash=hash_of(token),
            workspace_id=workspace_of(session),
            key_id=key_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find_session(system_session: Connection, token: str, *, now: datetime) -> ConsoleSession | None:
    """The session this token opens, unless it or its key has ended."""
    hashed = hash_of(token)
    row = _FIND.run(system_session, {"hash": hashed, "now": now, "idle_since": now - IDLE}).one_or_none()
    if row is None:
        return None
    seen_at = row.last_seen_at
    if seen_at < now - _SEEN_NOTED_EVERY:
        seen_at = now
        system_session.execute(
            update(ConsoleSessions).where(ConsoleSessions.token_hash == hashed).values(last_seen_at=now)
        )
    ends = [row.expires_at, seen_at + IDLE, *([row.key_expires_at] if row.key_expires_at is not None else [])]
    return ConsoleSession(Key(row.key_id, row.workspace_id, frozenset(row.scopes)), min(ends))


def close_session(session: Connection, token: str) -> bool:
    """Ends the session at once; answers whether this workspace had it."""
    closed = delete(ConsoleSessions).where(ConsoleSessions.token_hash == hash_of(token))
    return session.execute(closed.returning(ConsoleSessions.key_id)).one_or_none() is not None


def clean(system_session: Connection, *, now: datetime) -> int:
    """Forgets sessions that have ended by themselves; answers how many."""
    ended = or_(ConsoleSessions.expires_at <= now, ConsoleSessions.last_seen_at <= now - IDLE)
    return len(system_session.execute(delete(ConsoleSessions).where(ended).returning(ConsoleSessions.key_id)).all())
