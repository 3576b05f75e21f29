"""One attempt over HTTP: to an address checked at this very moment, without redirects, bounded in all it takes.

httpcore is used as it is, since its network backend is where a connection can be given the address that was checked.
"""

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Final, Self

import httpcore

from service.webhooks.addresses import AddressRefused, AddressRule, Resolve, system_resolve
from service.webhooks.connecting import CheckedBackend, system_tls
from service.webhooks.idling import SECONDS_KEPT, IdleConnections
from service.webhooks.resolving import Resolver

SECONDS_TO_ANSWER: Final = 15.0
# What is shown of an answer, and what is read of one so that its connection can be used again.
SHOWN_BYTES: Final = 1024
_READ_BYTES: Final = 64 * 1024
# At most this part of the time is spent on addresses of a host that have another behind them.
_CONNECTING_FRACTION: Final = 0.5
_USER_AGENT: Final = "tokencast-webhooks"
# How the system numbers what went wrong, which says nothing beside its words.
_NUMBERED: Final = re.compile(r"\[Errno -?\d+\] ")


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came back: a status and how the answer begins, or an error; both where an answer broke off."""

    status_code: int | None
    error: str | None
    answer_begins: str | None = None
    retry_after: str | None = None
    milliseconds: int


class Sender:
    """A pool of kept-alive connections for one event loop; use it as a context manager."""

    def __init__(
        self,
        rule: AddressRule,
        *,
        resolve: Resolve = system_resolve,
        seconds_to_answer: float = SECONDS_TO_ANSWER,
        tls: ssl.SSLContext | None = None,
        idle: IdleConnections | None = None,
    ) -> None:
        self._seconds_to_answer = seconds_to_answer
        self._rule = rule
        self._resolver = Resolver(resolve)
        self._tls = tls or _system_tls()
        self._idle = IdleConnections() if idle is None else idle

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._idle.close()
        self._resolver.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Sends one request; whatever goes wrong is what was received."""
        began = time.monotonic()
        answer = _Answer()
        error = None
        try:
            self._rule.target(url)
            async with asyncio.timeout(self._seconds_to_answer):
                await self._exchange(httpcore.URL(url), headers, body, answer)
        except TimeoutError:
            error = f"no whole answer within {self._seconds_to_answer:g} s"
        except AddressRefused as refused:
            error = f"the address {refused}"
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as failed:
            error = _told(failed, answer)
        except (ValueError, UnicodeError):
            error = "the address cannot be sent to"
        return Received(
            status_code=answer.status_code,
            error=error,
            answer_begins=answer.begins(),
            retry_after=answer.retry_after,
            milliseconds=round((time.monotonic() - began) * 1000),
        )

    async def _exchange(self, url: httpcore.URL, headers: Mapping[str, str], body: bytes, answer: "_Answer") -> None:
        host = b"[%b]" % url.host if b":" in url.host else url.host
        authority = host if url.port is None else b"%b:%d" % (host, url.port)
        sent = {**headers, "content-length": str(len(body)), "user-agent": _USER_AGENT, "accept": "*/*"}
        encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.items()]
        request = httpcore.Request("POST", url, headers=[(b"host", authority), *encoded], content=body)
        connection = await self._connection(url.origin)
        try:
            response = await connection.handle_async_request(request)
            try:
                await _read(response, answer)
            finally:
                await response.aclose()
        finally:
            if connection.is_idle():
                await self._idle.put(str(url.origin), connection)
            else:
                await connection.aclose()

    async def _connection(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        connection = await self._idle.take(str(origin))
        if connection is not None:
            return connection
        backend = CheckedBackend(
            self._rule,
            origin.scheme.decode("ascii"),
            self._resolver,
            self._tls,
            seconds_to_connect=self._seconds_to_answer * _CONNECTING_FRACTION,
        )
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=SECONDS_KEPT, network_backend=backend
        )


class _Answer:
    """What was read so far, kept while the request may still break."""

    def __init__(self) -> None:
        self.status_code: int | None = None
        self.retry_after: str | None = None
        self.body = b""

    def begins(self) -> str | None:
        if self.status_code is None:
            return None
        # Postgres keeps no NUL.
        return self.body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


async def _read(response: httpcore.Response, answer: _Answer) -> None:
    answer.status_code = response.status
    answer.retry_after = next(
        (value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), None
    )
    read = 0
    async for piece in response.aiter_stream():
        read += len(piece)
        answer.body += piece[: SHOWN_BYTES - len(answer.body)]
        if read > _READ_BYTES:
            # The rest is nothing to us: the connection is closed instead of being read to the end.
            return


def _told(failed: Exception, answer: _Answer) -> str:
    if answer.status_code is not None:
        return "the answer broke off"
    if isinstance(failed, socket.gaierror):
        return "no connection: the name does not resolve"
    why = _NUMBERED.sub("", " ".join(str(failed).split()))[:200]
    kind = "no connection" if isinstance(failed, (httpcore.ConnectError, OSError)) else "no answer"
    return f"{kind}: {why}" if why else kind


_system_tls = cache(system_tls)
