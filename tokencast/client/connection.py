"""Requests with one key to one service: sent, repeated where that is safe, and read."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec

from tokencast.client.problems import Refused, Unreachable, read_json, refusal_of
from tokencast.client.retrying import Repeatable, Retries

T = TypeVar("T")

Query = Mapping[str, str | int | float | bool | None]
"""Parameters of a request; those that are None are not sent."""

# A large plan is read, priced and stored in one request.
_SECONDS_TO_ANSWER = 120.0
# A workbook of a million lines is whole before its first byte is sent.
_SECONDS_TO_EXPORT = 600.0
# The service sends a sign of life into a quiet stream well within this time.
_SECONDS_OF_SILENCE = 60.0
_SECONDS_TO_CONNECT = 5.0
_ITEMS_IN_A_PAGE = 100

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Connection:
    """What the resources of a client share. `sleep` is how it pauses."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        retries: Retries,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unreachable(f"{url!r} is no address of a service, such as http://127.0.0.1:8351")
        if not key.isascii() or not key.isprintable():
            raise Refused(401, "the API key holds characters that no key has")
        self.sleep = sleep
        self._retries = retries
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json", "User-Agent": "tokencast"},
            timeout=httpx.Timeout(_SECONDS_TO_ANSWER, connect=_SECONDS_TO_CONNECT),
            # No proxy may come between this machine and itself.
            trust_env=parts.hostname not in _LOOPBACK,
            transport=transport,
        )

    def close(self) -> None:
        self._http.close()

    def get(
        self, path: str, shape: type[T], *, query: Query | None = None, headers: Mapping[str, str] | None = None
    ) -> T:
        return _as(shape, self._send("GET", path, Repeatable.ALWAYS, query=query, headers=headers))

    def read(self, path: str, *, query: Query | None = None, accept: str = "*/*") -> bytes:
        """A document that is no JSON, such as a picture."""
        return self._send("GET", path, Repeatable.ALWAYS, query=query, headers={"Accept": accept}).content

    def post(
        self,
        path: str,
        shape: type[T],
        body: object = None,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        """Sends `body` as JSON (bytes as they are), under an Idempotency-Key, so that a repetition happens once."""
        keyed = {"Idempotency-Key": idempotency_key or str(uuid4()), **(headers or {})}
        return _as(shape, self._send("POST", path, Repeatable.ALWAYS, body=body, query=query, headers=keyed))

    def put(
        self, path: str, shape: type[T], body: object, *, headers: Mapping[str, str], query: Query | None = None
    ) -> T:
        return _as(shape, self._send("PUT", path, Repeatable.IF_NOT_DONE, body=body, query=query, headers=headers))

    def delete(self, path: str, *, headers: Mapping[str, str] | None = None) -> None:
        self._send("DELETE", path, Repeatable.IF_NOT_DONE, headers=headers)

    def pages(self, path: str, _shape: type[T], query: Query | None = None) -> Iterator[T]:
        """Every item of a list, page by page as they are asked for."""
        wanted: dict[str, Any] = {**(query or {}), "limit": _ITEMS_IN_A_PAGE}
        while True:
            page = self.get(path, dict[str, Any], query=wanted)
            yield from page["items"]
            if (cursor := page.get("next_cursor")) is None:
                return
            wanted["cursor"] = cursor

    def items(self, path: str, _shape: type[T], query: Query | None = None) -> list[T]:
        """All of a list that comes as one answer."""
        found: list[T] = self.get(path, dict[str, Any], query=query)["items"]
        return found

    def pieces(self, path: str, *, query: Query | None = None) -> Iterator[bytes]:
        """A file piece by piece, as it arrives."""
        timeout = httpx.Timeout(_SECONDS_TO_EXPORT, connect=_SECONDS_TO_CONNECT)
        with self._stream(path, query=query, headers={"Accept": "*/*"}, timeout=timeout) as answer:
            yield from answer.iter_bytes()

    def lines(self, path: str, *, headers: Mapping[str, str] | None = None) -> Iterator[str]:
        """The lines of a stream of events, as they arrive."""
        timeout = httpx.Timeout(_SECONDS_OF_SILENCE, connect=_SECONDS_TO_CONNECT)
        sent = {"Accept": "text/event-stream", **(headers or {})}
        with self._stream(path, headers=sent, timeout=timeout) as answer:
            yield from answer.iter_lines()

    @contextmanager
    def _stream(
        self, path: str, *, timeout: httpx.Timeout, headers: Mapping[str, str], query: Query | None = None
    ) -> Iterator[httpx.Response]:
        request = self._request("GET", path, query=query, headers=headers, timeout=timeout)
        answer = self._repeated(request, Repeatable.ALWAYS, stream=True)
        try:
            if not answer.is_success:
                raise refusal_of(answer)
            yield answer
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None
        finally:
            answer.close()

    def _send(
        self,
        method: str,
        path: str,
        way: Repeatable,
        *,
        body: object = None,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        answer = self._repeated(self._request(method, path, body=body, query=query, headers=headers), way)
        if not answer.is_success:
            raise refusal_of(answer)
        return answer

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Request:
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        sent = {**({"Content-Type": "application/json"} if content else {}), **(headers or {})}
        params = {name: _spelled(value) for name, value in (query or {}).items() if value is not None}
        try:
            return self._http.build_request(method, path, content=content, params=params, headers=sent, **options)
        except httpx.InvalidURL as error:
            raise self._unreachable(error) from None

    def _repeated(self, request: httpx.Request, way: Repeatable, *, stream: bool = False) -> httpx.Response:
        """The answer to a request, which is sent again while that may help; what is no success has been read."""
        attempt = 1
        while True:
            failure: httpx.Response | httpx.TransportError
            try:
                answer = self._http.send(request, stream=stream)
                if answer.is_success:
                    return answer
                answer.read()
                failure = answer
            except httpx.TransportError as error:
                failure = error
            except httpx.HTTPError as error:
                raise self._unreachable(error) from None
            pause = self._retries.pause_after(attempt, failure, way)
            if pause is None:
                if isinstance(failure, httpx.Response):
                    return failure
                raise self._unreachable(failure) from None
            self.sleep(pause)
            attempt += 1

    def _unreachable(self, error: Exception) -> Unreachable:
        why = str(error) or type(error).__name__
        return Unreachable(f"the service at {self.url} cannot be reached: {why}")


def _spelled(value: str | float | bool) -> str:  # noqa: FBT001 - it is any value of a query.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as(_shape: type[T], answer: httpx.Response) -> T:
    # The shape is what the service's own document says; a field that a newer service adds is simply there.
    read: T = read_json(answer.content)
    return read
