"""Connections of `sending.py` that wait to be used again: by where they lead, for a few seconds, a bounded number."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpcore

SECONDS_KEPT: Final = 10.0
_MOST_KEPT: Final = 256


@dataclass(frozen=True)
class _Kept:
    origin: str
    until: float


class IdleConnections:
    """httpcore's own pool looks at all it has for every request; this looks at what it closes and what it gives out."""

    def __init__(self, most: int = _MOST_KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        # Both the oldest first, so the oldest of all is the first of its origin's.
        self._by_age: dict[httpcore.AsyncHTTPConnection, _Kept] = {}
        self._by_origin: dict[str, deque[httpcore.AsyncHTTPConnection]] = {}

    def __len__(self) -> int:
        return len(self._by_age)

    async def take(self, origin: str) -> httpcore.AsyncHTTPConnection | None:
        """The youngest that can still be used; None where a new one is needed, and then what expired is closed."""
        while waiting := self._by_origin.get(origin):
            connection = waiting[-1]
            self._drop(connection, waiting.pop)
            if connection.is_idle() and not connection.has_expired():
                return connection
            await connection.aclose()
        await self._close_oldest(lambda kept: kept.until < self._clock())
        return None

    async def put(self, origin: str, connection: httpcore.AsyncHTTPConnection) -> None:
        self._by_age[connection] = _Kept(origin, self._clock() + SECONDS_KEPT)
        self._by_origin.setdefault(origin, deque()).append(connection)
        await self._close_oldest(lambda _: len(self) > self._most)

    async def close(self) -> None:
        await self._close_oldest(lambda _: True)

    async def _close_oldest(self, while_: Callable[[_Kept], bool]) -> None:
        while self._by_age:
            connection, kept = next(iter(self._by_age.items()))
            if not while_(kept):
                return
            self._drop(connection, self._by_origin[kept.origin].popleft)
            await connection.aclose()

    def _drop(self, connection: httpcore.AsyncHTTPConnection, taken_from_its_origin: Callable[[], object]) -> None:
        taken_from_its_origin()
        origin = self._by_age.pop(connection).origin
        if not self._by_origin[origin]:
            del self._by_origin[origin]
