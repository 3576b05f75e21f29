"""The session cookie of the console, and the token that pages send back to show that a change was meant.

The CSRF token is an HMAC under the session's own token, so it needs no storage and no other session's will do. Each
page has it under a new mask: an answer that is compressed along with text of an attacker's choice gives nothing away
(BREACH).
"""

import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from service.protocol.admission.origins import came_by_https
from service.refusals import CsrfRefused
from service.store.console_sessions import LASTS

COOKIE = "tokencast_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"

_MOST_CHARACTERS = 200
_MASK_BYTES = 32

Connection = ASGIConnection[Any, Any, Any, Any]


def session_token(connection: Connection) -> str | None:
    """What the browser sent as its session, whether or not it opens one."""
    token = connection.cookies.get(COOKIE)
    return token if token and len(token) <= _MOST_CHARACTERS else None


def session_cookie(connection: Connection, token: str, *, public_url: str | None) -> Cookie:
    return _cookie(connection, token, int(LASTS.total_seconds()), public_url)


def ended_cookie(connection: Connection, *, public_url: str | None) -> Cookie:
    """The same cookie, as the browser removes it."""
    return _cookie(connection, "", 0, public_url)


def csrf_token(connection: Connection) -> str:
    """The token for this request's session, masked anew; empty without a session."""
    token = session_token(connection)
    if token is None:
        return ""
    mask = secrets.token_bytes(_MASK_BYTES)
    return urlsafe_b64encode(mask + _xor(mask, _csrf_of(token))).decode()


def require_csrf_token(token: str, given: str | None) -> None:
    """Raises CsrfRefused unless `given` is a mask over the CSRF token of the session with this `token`."""
    if not given:
        raise CsrfRefused(f"the page's token is missing: send it as the header {CSRF_HEADER}")
    try:
        sent = b64decode(given, altchars="-_", validate=True)
    except ValueError:
        sent = b""
    mask, masked = sent[:_MASK_BYTES], sent[_MASK_BYTES:]
    if len(masked) != _MASK_BYTES or not hmac.compare_digest(_xor(mask, masked), _csrf_of(token)):
        raise CsrfRefused("the page's token is not of this session: load the page again")


def _cookie(connection: Connection, value: str, max_age: int, public_url: str | None) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=came_by_https(connection, public_url),
    )


def _csrf_of(token: str) -> bytes:
    return hmac.digest(token.encode("utf-8", "surrogateescape"), b"tokencast csrf", "sha256")


def _xor(first: bytes, second: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(first, second, strict=True))
