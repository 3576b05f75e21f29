"""Who was found a moment ago, by the hash of the secret that opened the door."""

import hashlib
from threading import Lock
from time import monotonic
from typing import Generic, Protocol, TypeVar
from uuid import UUID

# A revoked key may open other API processes for this long; the process that revokes it forgets it at once.
SECONDS_REMEMBERED = 5.0
_MOST_REMEMBERED = 4096


class HasKey(Protocol):
    @property
    def key_id(self) -> UUID: ...


Found = TypeVar("Found", bound=HasKey)


class Remembered(Generic[Found]):
    """Without this memory every request would begin with a transaction of its own for the same answer."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[float, Found]] = {}
        self._lock = Lock()

    def get(self, secret: str) -> Found | None:
        kept = self._kept.get(_digest(secret))
        return kept[1] if kept is not None and monotonic() < kept[0] else None

    def keep(self, secret: str, found: Found, *, seconds: float = SECONDS_REMEMBERED) -> None:
        """For `seconds`, though never longer than others are kept."""
        until = monotonic() + min(seconds, SECONDS_REMEMBERED)
        with self._lock:
            if len(self._kept) >= _MOST_REMEMBERED:
                self._kept.clear()
            self._kept[_digest(secret)] = (until, found)

    def forget(self, secret: str) -> None:
        with self._lock:
            self._kept.pop(_digest(secret), None)

    def forget_key(self, key_id: UUID) -> None:
        with self._lock:
            self._kept = {digest: kept for digest, kept in self._kept.items() if kept[1].key_id != key_id}


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
