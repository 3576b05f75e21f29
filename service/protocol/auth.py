"""Who asks: API keys to callers, and the one guard that admits them to operations."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from service.protocol.operations import operation_of
from service.refusals import ScopeMissing, Unauthenticated
from service.store import keys
from service.store.database import Database

# A revoked key may open other API processes for this long; the process that revokes it forgets it at once.
SECONDS_REMEMBERED = 5.0
_MOST_REMEMBERED = 4096
_MOST_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The key of a request, as handlers need it; `actor` is what the audit log calls it."""

    key_id: UUID
    workspace_id: UUID
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        return f"key/{self.key_id}"


class Keyring:
    """Finds the caller of a key in the database and remembers it for a moment, by hash alone.

    Without the memory every request would begin with a transaction of its own for the same answer.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._remembered: dict[bytes, tuple[float, Caller]] = {}
        self._lock = Lock()

    def remembered(self, secret: str) -> Caller | None:
        found = self._remembered.get(_digest(secret))
        return found[1] if found is not None and monotonic() < found[0] else None

    def find(self, secret: str) -> Caller | None:
        """Asks the database; only keys that open something are remembered."""
        if len(secret) > _MOST_CHARACTERS:
            return None
        with self._database.system(durable=False) as session:
            key = keys.find_key(session, secret, now=self._clock())
        if key is None:
            return None
        caller = Caller(key_id=key.id, workspace_id=key.workspace_id, scopes=key.scopes)
        with self._lock:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[_digest(secret)] = (monotonic() + SECONDS_REMEMBERED, caller)
        return caller

    def forget(self, key_id: UUID) -> None:
        with self._lock:
            self._remembered = {digest: kept for digest, kept in self._remembered.items() if kept[1].key_id != key_id}


def guard_with(keyring: Keyring) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Any]:
    """The guard of every operation: it demands the scope the operation declares, before the body is read."""

    async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        declared = operation_of(handler)
        if declared is None:
            # Litestar answers OPTIONS by itself with nothing but the methods; anything else has to declare itself.
            if connection.scope.get("method") == "OPTIONS":
                return
            raise ScopeMissing("admin")
        if declared.scope is None:
            return
        secret = _bearer(connection.headers.get("authorization", ""))
        caller = keyring.remembered(secret) or await asyncio.to_thread(keyring.find, secret)
        if caller is None:
            raise Unauthenticated
        if declared.scope not in caller.scopes:
            raise ScopeMissing(declared.scope)
        connection.scope["user"] = caller

    return admit


def _bearer(header: str) -> str:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated
    return secret.strip()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
