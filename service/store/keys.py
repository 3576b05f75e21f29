"""API keys: the secret is shown once and kept only as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from service.store.errors import NotFound
from service.store.ids import new_id
from service.store.pages import cut
from service.store.statements import Statement
from service.store.tables import ApiKeys

_PREFIX_BYTES = 6
_SECRET_BYTES = 32
# Noting each use would turn every read into a write; finance asks which keys are dead, and a minute is fine for that.
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Key:
    """What a request may do: the key it came with, the workspace, the scopes."""

    id: UUID
    workspace_id: UUID
    scopes: frozenset[str]


@dataclass(frozen=True)
class KeyRecord:
    """A key as it may be shown; the secret is not among its fields."""

    id: UUID
    workspace_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


_COLUMNS = [getattr(ApiKeys, field.name) for field in fields(KeyRecord)]

_FIND = Statement(
    select(ApiKeys.id, ApiKeys.workspace_id, ApiKeys.scopes, ApiKeys.secret_hash, ApiKeys.last_used_at).where(
        ApiKeys.prefix == bindparam("prefix"),
        ApiKeys.revoked_at.is_(None),
        or_(ApiKeys.expires_at.is_(None), ApiKeys.expires_at > bindparam("now")),
    )
)


def create_key(
    session: Connection,
    *,
    workspace_id: UUID,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    now: datetime,
) -> tuple[KeyRecord, str]:
    """A new key and its secret `tck_<prefix>_<random>`, which nobody can read again."""
    prefix = secrets.token_hex(_PREFIX_BYTES)
    secret = f"tck_{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    record = KeyRecord(
        id=new_id(),
        workspace_id=workspace_id,
        name=name,
        prefix=prefix,
        scopes=sorted(set(scopes)),
        created_at=now,
        last_used_at=None,
        expires_at=expires_at,
        revoked_at=None,
    )
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    session.execute(insert(ApiKeys).values(**values, secret_hash=_hash(secret)))
    return record, secret


def find_key(system_session: Connection, secret: str, *, now: datetime) -> Key | None:
    """The key this secret opens, unless it is unknown, revoked or expired."""
    kind, _, rest = secret.partition("_")
    prefix, _, _ = rest.partition("_")
    if kind != "tck" or not secret.isascii() or "\0" in secret:
        return None
    row = _FIND.run(system_session, {"prefix": prefix, "now": now}).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(secret)):
        return None
    if row.last_used_at is None or row.last_used_at < now - _USE_NOTED_EVERY:
        system_session.execute(update(ApiKeys).where(ApiKeys.id == row.id).values(last_used_at=now))
    return Key(id=row.id, workspace_id=row.workspace_id, scopes=frozenset(row.scopes))


def list_keys(session: Connection, *, after: UUID | None, limit: int) -> tuple[list[KeyRecord], UUID | None]:
    """Keys in the order they were made, revoked ones too, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(ApiKeys.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(ApiKeys.id > after)
    return cut([KeyRecord(*row) for row in session.execute(statement)], limit)


def names(session: Connection, key_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the keys are called, revoked ones too; an id of another workspace has no name here."""
    found = session.execute(select(ApiKeys.id, ApiKeys.name).where(ApiKeys.id.in_(key_ids)))
    return {row.id: row.name for row in found}


def revoke_key(session: Connection, key_id: UUID, *, now: datetime) -> KeyRecord:
    """Revokes at once and for ever; revoking again keeps the first moment. Raises NotFound."""
    statement = (
        update(ApiKeys)
        .where(ApiKeys.id == key_id)
        .values(revoked_at=func.coalesce(ApiKeys.revoked_at, now))
        .returning(*_COLUMNS)
    )
    if (row := session.execute(statement).one_or_none()) is None:
        raise NotFound("key", key_id)
    return KeyRecord(*row)


def _hash(secret: str) -> bytes:
    # The secret has 256 random bits, so a slow password hash would cost every request and protect nothing more.
    return hashlib.sha256(secret.encode()).digest()
