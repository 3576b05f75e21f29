"""API keys on the wire. A secret leaves the service once, in the answer that creates it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from service.store.keys import KeyRecord

ScopeName = Literal["read", "write", "approve", "admin"]


class KeyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    scopes: Annotated[list[ScopeName], msgspec.Meta(min_length=1, max_length=4)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class KeyOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyCreated(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is null in the replay of an Idempotency-Key: only its hash was kept."""

    key: KeyOut
    secret: str | None


class KeyPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[KeyOut]
    next_cursor: str | None


def key_out(record: KeyRecord) -> KeyOut:
    return KeyOut(
        id=record.id,
        name=record.name,
        prefix=record.prefix,
        scopes=record.scopes,
        created_at=record.created_at,
        last_used_at=record.last_used_at,
        expires_at=record.expires_at,
        revoked_at=record.revoked_at,
    )
