"""One attempt over HTTP: to an address checked at this very moment, without redirects, bounded in all it takes.

httpcore is used as it is, since its network backend is where a connection can be given the address that was checked;
TLS and the Host header still have the name.
"""

import asyncio
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Final, Self

import httpcore

from service.webhooks.addresses import AddressRefused, AddressRule, Resolve, Target, system_resolve

SECONDS_TO_ANSWER: Final = 15.0
# What is shown of an answer, and what is read of one so that its connection can be used again.
SHOWN_BYTES: Final = 1024
_READ_BYTES: Final = 64 * 1024
_MOST_CONNECTIONS: Final = 1024
_SECONDS_KEPT_ALIVE: Final = 10.0
_USER_AGENT: Final = "tokencast-webhooks"


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
    ) -> None:
        self._seconds_to_answer = seconds_to_answer
        self._rule = rule
        # One for each scheme, since whether an address may be sent to depends on it and a connection knows none.
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=tls or _system_tls(),
                max_connections=_MOST_CONNECTIONS,
                max_keepalive_connections=_MOST_CONNECTIONS,
                keepalive_expiry=_SECONDS_KEPT_ALIVE,
                network_backend=_CheckedBackend(rule, scheme, resolve),
            )
            for scheme in ("https", "http")
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Sends one request; whatever goes wrong is what was received."""
        began = time.monotonic()
        answer = _Answer()
        error = None
        try:
            # Refused before a kept-alive connection is taken: what is allowed may have changed since it was opened.
            pool = self._pools[self._rule.target(url).scheme]
            async with asyncio.timeout(self._seconds_to_answer):
                await _exchange(pool, url, headers, body, answer)
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


async def _exchange(
    pool: httpcore.AsyncConnectionPool, url: str, headers: Mapping[str, str], body: bytes, answer: _Answer
) -> None:
    sent = {**headers, "content-length": str(len(body)), "user-agent": _USER_AGENT, "accept": "*/*"}
    encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.items()]
    async with pool.stream("POST", url, headers=encoded, content=body) as response:
        answer.status_code = response.status
        answer.retry_after = next(
            (value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), None
        )
        read = 0
        async for piece in response.aiter_stream():
            read += len(piece)
            answer.body += piece[: SHOWN_BYTES - len(answer.body)]
            if read > _READ_BYTES:
                # The rest is nothing to us; leaving the block closes the connection.
                return


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to an address of the host that the rule permits, and asks for the host's addresses only once."""

    def __init__(self, rule: AddressRule, scheme: str, resolve: Resolve) -> None:
        self._rule = rule
        self._scheme = scheme
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.to_thread(self._resolve, host, port)
        addresses = self._rule.check(Target(scheme=self._scheme, host=host, port=port), found)
        failed: Exception | None = None
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout=timeout, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("no address")

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _told(failed: Exception, answer: _Answer) -> str:
    if answer.status_code is not None:
        return "the answer broke off"
    why = " ".join(str(failed).split())[:200]
    kind = "no connection" if isinstance(failed, (httpcore.ConnectError, OSError)) else "no answer"
    return f"{kind}: {why}" if why else kind


@cache
def _system_tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
