"""Connections for `sending.py`: to the very address that was checked, with TLS spoken to the name.

httpcore asks its network backend for a connection; asyncio's own streams carry it, TLS included.
"""

import asyncio
import contextlib
import select
import ssl
from collections.abc import Iterable
from typing import Any, Final, Self

import httpcore

from service.webhooks.addresses import AddressRule, Target
from service.webhooks.resolving import Resolver

# An address that has not answered by then is left for the next one of its host, where there is one.
_MOST_SECONDS_FOR_ONE: Final = 3.0


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Asks for a host's addresses once, and connects to one of them where the rule permits all.

    Nobody looks the name up a second time, so what it means a moment later changes nothing. All addresses but the last
    share `seconds_to_connect`: one that is silent leaves time for the others.
    """

    def __init__(
        self, rule: AddressRule, scheme: str, resolver: Resolver, tls: ssl.SSLContext, *, seconds_to_connect: float
    ) -> None:
        self._rule = rule
        self._scheme = scheme
        self._resolver = resolver
        self._tls = tls if scheme == "https" else None
        self._seconds_to_connect = seconds_to_connect

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's own signature; the whole attempt has a deadline
        local_address: str | None = None,  # noqa: ARG002 - the same
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        found = await self._resolver.addresses(host, port)
        *others, last = self._rule.check(Target(scheme=self._scheme, host=host, port=port), found)
        for address in others:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(min(_MOST_SECONDS_FOR_ONE, self._seconds_to_connect / len(others))):
                    return await self._connect(address, host, port)
        try:
            return await self._connect(last, host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def _connect(self, address: str, host: str, port: int) -> "_Stream":
        name = host if self._tls is not None else None
        try:
            return _Stream(*await asyncio.open_connection(address, port, ssl=self._tls, server_hostname=name))
        except ssl.SSLError as error:
            # No reason to ask the next address: whoever is there has the same name to show for it.
            raise httpcore.ConnectError(error.reason or "TLS failed") from error

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection as httpcore wants it; deadlines are those of the whole attempt."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's
        try:
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - httpcore's
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        # Not waited for: a receiver need not answer the end of a conversation.
        self._writer.close()

    async def start_tls(self, *_: Any, **__: Any) -> Self:
        """It was spoken from the first byte."""
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            # What can be read while nothing was asked is the end of the connection.
            return self._reader.at_eof() or self._writer.is_closing() or _is_readable(self._writer)
        return self._writer.get_extra_info(info)


def _is_readable(writer: asyncio.StreamWriter) -> bool:
    # A connection that was reset has no socket any more, or one that is closed.
    connected = writer.get_extra_info("socket")
    if connected is None or connected.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connected.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def system_tls() -> ssl.SSLContext:
    """The authorities that this machine and the certifi package trust."""
    context = httpcore.default_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
