"""Who asks: API keys and sessions to callers, and the one guard that admits them to operations and pages."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from service.protocol.admission.origins import require_same_origin
from service.protocol.admission.remembered import Remembered
from service.protocol.operations import Operation, operation_of
from service.protocol.pages import form_fields, page_of
from service.protocol.sessions import CSRF_FIELD, CSRF_HEADER, require_csrf_token, session_token
from service.refusals import ScopeMissing, Unauthenticated
from service.store import console_sessions, keys
from service.store.database import Database

_MOST_CHARACTERS = 200
_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The key of a request, as handlers need it; `actor` is what the audit log calls it.

    `by` says how it came: as itself, or as the key that a session of the console was opened with.
    """

    key_id: UUID
    workspace_id: UUID
    scopes: frozenset[str]
    by: Literal["key", "session"] = "key"

    @property
    def actor(self) -> str:
        return f"key/{self.key_id}"


class Keyring:
    """Finds the caller of a key or a session in the database and remembers it for a moment, by hash alone."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._keys = Remembered[Caller]()
        # Apart from the keys, so that neither ever passes for the other.
        self._sessions = Remembered[Caller]()

    def remembered(self, secret: str) -> Caller | None:
        return self._keys.get(secret)

    def find(self, secret: str) -> Caller | None:
        """Asks the database; only keys that open something are remembered."""
        if len(secret) > _MOST_CHARACTERS:
            return None
        with self._database.system(durable=False) as session:
            key = keys.find_key(session, secret, now=self._clock())
        if key is None:
            return None
        caller = Caller(key_id=key.id, workspace_id=key.workspace_id, scopes=key.scopes)
        self._keys.keep(secret, caller)
        return caller

    def remembered_session(self, token: str) -> Caller | None:
        return self._sessions.get(token)

    def find_session(self, token: str) -> Caller | None:
        """The same for the token of a session, which is not remembered beyond its end."""
        now = self._clock()
        with self._database.system(durable=False) as session:
            found = console_sessions.find_session(session, token, now=now)
        if found is None:
            return None
        key = found.key
        caller = Caller(key_id=key.id, workspace_id=key.workspace_id, scopes=key.scopes, by="session")
        self._sessions.keep(token, caller, seconds=(found.ends_at - now).total_seconds())
        return caller

    def forget(self, key_id: UUID) -> None:
        """For a key that opens nothing from now on, and so none of its sessions does."""
        self._keys.forget_key(key_id)
        self._sessions.forget_key(key_id)

    def forget_session(self, token: str) -> None:
        self._sessions.forget(token)


def guard_with(keyring: Keyring, public_url: str | None) -> Callable[[Connection, BaseRouteHandler], Any]:
    """The guard of every operation and page: it demands the declared scope before a handler reads anything.

    A change that comes with a session's cookie must also be meant: sent by a page of ours, with that page's token.
    """

    async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
        declared = operation_of(handler) or page_of(handler)
        changes = connection.scope.get("method") not in _CHANGES_NOTHING
        if declared is None:
            # Litestar answers OPTIONS by itself with nothing but the methods; anything else has to declare itself.
            if connection.scope.get("method") == "OPTIONS":
                return
            raise ScopeMissing("admin")
        if declared.scope is None:
            if changes:
                require_same_origin(connection, public_url)
            return
        caller = connection.scope["user"] = await _caller_of(connection, keyring)
        if caller.by == "session" and isinstance(declared, Operation) and declared.keys_alone:
            raise Unauthenticated
        if changes and caller.by == "session":
            require_same_origin(connection, public_url)
            require_csrf_token(session_token(connection) or "", await _given_csrf_token(connection, handler))
        if declared.scope not in caller.scopes:
            raise ScopeMissing(declared.scope)

    return admit


async def _caller_of(connection: Connection, keyring: Keyring) -> Caller:
    authorization = connection.headers.get("authorization")
    # A key that opens nothing is never made up for by a cookie: whoever sent it meant the key.
    if authorization is not None:
        secret = _bearer(authorization)
        caller = keyring.remembered(secret) or await asyncio.to_thread(keyring.find, secret)
    elif (token := session_token(connection)) is not None:
        caller = keyring.remembered_session(token) or await asyncio.to_thread(keyring.find_session, token)
    else:
        caller = None
    if caller is None:
        raise Unauthenticated
    return caller


async def _given_csrf_token(connection: Connection, handler: BaseRouteHandler) -> str | None:
    given = connection.headers.get(CSRF_HEADER)
    # A plain form can send no header.
    if given is None and page_of(handler) is not None and isinstance(connection, Request):
        return form_fields(await connection.body()).get(CSRF_FIELD)
    return given


def _bearer(header: str) -> str:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated
    return secret.strip()
