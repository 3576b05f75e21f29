"""Around every request: its id, one line in the log and its place in the metrics, refused requests included."""

import re
from time import perf_counter
from uuid import uuid4

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.telemetry.metrics import RequestMetrics

REQUEST_ID = "X-Request-ID"

# What a client sends as an id ends in the log, so only plain short ones are taken over.
_PLAIN_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,100}")

log = structlog.get_logger()


class RequestLog:
    """The outermost ASGI application. Neither headers nor query strings are logged: they may hold secrets."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        method = str(scope.get("method", ""))
        started = perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID.lower().encode(), request_id.encode())]
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            seconds = perf_counter() - started
            # Routes, not paths: a path holds ids, which would make a series of its own each.
            route = str(scope.get("path_template") or "unmatched")
            self._metrics.observe(method, route, status, seconds)
            log.info(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                request_id=request_id,
            )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _PLAIN_ID.fullmatch(value):
            return value.decode()
    return uuid4().hex
