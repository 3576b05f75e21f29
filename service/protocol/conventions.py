"""What HTTP promises of every address, whichever handler answers: HEAD, OPTIONS, and notice of what is to go."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from service.protocol.operations import operation_of

_ALLOW = b"allow"


class Conventions:
    """An ASGI application around the router's; `methods` are those that each path template takes."""

    def __init__(self, app: ASGIApp, methods: Mapping[str, Collection[str]]) -> None:
        self._app = app
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_with_notice(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*self._with_allowed(scope, message["headers"]), *_notices(scope)]
            await send(message)

        if scope["method"] == "HEAD":
            await self._head(scope, receive, send_with_notice)
        else:
            await self._app(scope, receive, send_with_notice)

    def _with_allowed(self, scope: Any, headers: Any) -> list[tuple[bytes, bytes]]:
        """Litestar's own answer to OPTIONS names the methods of one handler, where several share an address."""
        found = []
        for name, value in headers:
            if name.lower() == _ALLOW:
                methods = {part.strip() for part in value.decode().split(",")}
                methods |= set(self._methods.get(scope.get("path_template") or "", ()))
                methods |= {"HEAD"} if "GET" in methods else set()
                found.append((name, ", ".join(sorted(methods)).encode()))
            else:
                found.append((name, value))
        return found

    async def _head(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answers as GET does and keeps the body back; a stream, whose end may be hours away, is told to stop."""
        begun = asyncio.Event()

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                begun.set()

        async def receive_until_begun() -> Any:
            if not begun.is_set():
                asked = asyncio.ensure_future(receive())
                answered = asyncio.ensure_future(begun.wait())
                await asyncio.wait({asked, answered}, return_when=asyncio.FIRST_COMPLETED)
                answered.cancel()
                if asked.done():
                    return asked.result()
                asked.cancel()
            return {"type": "http.disconnect"}

        # One scope throughout: the log around this application reads from it which route was found.
        scope["method"] = "GET"
        try:
            await self._app(scope, receive_until_begun, send_head)
        finally:
            scope["method"] = "HEAD"


def _notices(scope: Any) -> list[tuple[bytes, bytes]]:
    handler = scope.get("route_handler")
    declared = None if handler is None else operation_of(handler)
    if declared is None or declared.deprecated is None:
        return []
    notices = declared.deprecated.headers(str(handler.operation_id))
    return [(name.lower().encode(), value.encode()) for name, value in notices]
