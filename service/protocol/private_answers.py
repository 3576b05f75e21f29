"""What is answered to a cookie stays in that browser: no other cache, nor whoever signs in there next, may see it."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from service.protocol.auth import Caller


async def keep_private(message: Message, scope: Scope) -> None:
    """Litestar's hook before each answer is sent; an answer that says how long it may be kept says so still."""
    caller = scope.get("user")
    if message["type"] != "http.response.start" or not isinstance(caller, Caller) or caller.by != "session":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if "cookie" not in headers.get("Vary", "").lower():
        headers.extend_header_value("Vary", "Cookie")
