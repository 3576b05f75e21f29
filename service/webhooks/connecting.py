"""Connections for `sending.py`: to the very address that was checked, with TLS spoken to the name.

httpcore asks its network backend for a connection; asyncio's own streams carry it, TLS included.
"""

import asyncio
import select
import ssl
from collections.abc import Iterable
from typing import Any, Self

import httpcore

from service.webhooks.addresses import AddressRule, Resolve, Target


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Asks for a host's addresses once, and connects to one of them where the rule permits all.

    Nobody looks the name up a second time, so what it means a moment later changes nothing.
    """

    def __init__(self, rule: AddressRule, scheme: str, resolve: Resolve, tls: ssl.SSLContext) -> None:
        self._rule = rule
        self._scheme = scheme
        self._resolve = resolve
        self._tls = tls if scheme == "https" else None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's own signature; the whole attempt has a deadline
        local_address: str | None = None,  # noqa: ARG002 - the same
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.to_thread(self._resolve, host, port)
        addresses = self._rule.check(Target(scheme=self._scheme, host=host, port=port), found)
        failed: Exception | None = None
        for address in addresses:
            try:
                return await self._connect(address, host, port)
            except ssl.SSLError as error:
                raise httpcore.ConnectError(error.reason or "TLS failed") from error
            except OSError as error:
                failed = error
        raise httpcore.ConnectError(str(failed)) from failed

    async def _connect(self, address: str, host: str, port: int) -> "_Stream":
        name = host if self._tls is not None else None
        return _Stream(*await asyncio.open_connection(address, port, ssl=self._tls, server_hostname=name))

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
            return self._reader.at_eof() or _is_readable(self._writer.get_extra_info("socket"))
        return self._writer.get_extra_info(info)


def _is_readable(connected: Any) -> bool:
    poll = select.poll()
    poll.register(connected.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def system_tls() -> ssl.SSLContext:
    """The authorities that this machine and the certifi package trust."""
    context = httpcore.default_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
