"""Answers packed by gzip on their way out: pages, JSON and SVG that are complete; streams and files go as they are."""

import asyncio
import gzip
from collections.abc import Iterable
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

_PACKED = frozenset({b"text/html", b"application/json", b"image/svg+xml", b"application/vnd.oai.openapi+json"})
# Below this a packed answer saves no packet on the wire.
_LEAST_BYTES = 1000
# More than this takes longer than other requests should have to wait for.
_MOST_BYTES_AT_ONCE = 32_768
_LEVEL = 5

_Headers = list[tuple[bytes, bytes]]


class Packing:
    """An ASGI application around another one.

    An entity tag that stands for bytes becomes a weak one when these are packed. A resource that can change keeps its
    strong tag, which If-Match needs, and goes unpacked.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        wanted = scope.get("method") != "HEAD" and accepts_gzip(_value(scope["headers"], b"accept-encoding") or b"")
        held: HTTPResponseStartEvent | None = None

        async def send_packed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                if message["status"] == HTTPStatus.NOT_MODIFIED:
                    message["headers"] = _of_held(message["headers"], _value(scope["headers"], b"if-none-match") or b"")
                if not _packable(message["headers"]):
                    await send(message)
                    return
                message["headers"] = _varying(message["headers"])
                if wanted:
                    held = message
                else:
                    await send(message)
                return
            if held is None or message["type"] != "http.response.body":
                await send(message)
                return
            start, held = held, None
            body = message.get("body", b"")
            if not message.get("more_body") and len(body) >= _LEAST_BYTES:
                body = await _packed(body)
                start["headers"] = _of_packed(start["headers"], len(body))
                message["body"] = body
            await send(start)
            await send(message)

        await self._app(scope, receive, send_packed)


def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether the header names gzip, or everything, without a quality of nothing."""
    found = False
    for part in accept_encoding.lower().split(b","):
        coding, _, parameters = part.partition(b";")
        if coding.strip() in (b"gzip", b"*"):
            quality = parameters.strip().removeprefix(b"q=").strip()
            allowed = not quality or quality.strip(b"0.") != b""
            if coding.strip() == b"gzip":
                return allowed
            found = allowed
    return found


async def _packed(body: bytes) -> bytes:
    if len(body) <= _MOST_BYTES_AT_ONCE:
        return gzip.compress(body, compresslevel=_LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)


def _packable(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    media_type = (_value(headers, b"content-type") or b"").partition(b";")[0].strip().lower()
    if media_type not in _PACKED or _value(headers, b"content-encoding") is not None:
        return False
    changes = b"immutable" not in (_value(headers, b"cache-control") or b"")
    return not (media_type == b"application/json" and changes and _value(headers, b"etag") is not None)


def _varying(headers: Iterable[tuple[bytes, bytes]]) -> _Headers:
    vary = [value for name, value in headers if name.lower() == b"vary"]
    others = [(name, value) for name, value in headers if name.lower() != b"vary"]
    return [*others, (b"vary", b", ".join([*vary, b"Accept-Encoding"]))]


def _of_packed(headers: Iterable[tuple[bytes, bytes]], length: int) -> _Headers:
    changed = [
        (name, b"W/" + value if name.lower() == b"etag" and not value.startswith(b"W/") else value)
        for name, value in headers
        if name.lower() != b"content-length"
    ]
    return [*changed, (b"content-encoding", b"gzip"), (b"content-length", str(length).encode())]


def _of_held(headers: Iterable[tuple[bytes, bytes]], held: bytes) -> _Headers:
    """Tells a client that holds the packed answer that it is this one which has not changed."""
    return [
        (name, b"W/" + value if name.lower() == b"etag" and b"W/" + value in held else value) for name, value in headers
    ]


def _value(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    return next((value for name, value in headers if name.lower() == wanted), None)
