"""Identifiers made in Python, so that every Postgres from 15 on will do: UUIDv7, rising within a process."""

import secrets
import threading
import time
from uuid import UUID

_RANDOM_BITS = 62
_VARIANT = 0b10 << _RANDOM_BITS
_VERSION = 7 << 76

_lock = threading.Lock()
_last_ticks = 0


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 section 6.2, method 3): milliseconds, then 12 bits of the sub-millisecond, then chance.

    Two ids of one process never fall back in order, even if the clock does: the sub-millisecond counts on instead.
    """
    global _last_ticks
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    ticks = (milliseconds << 12) | (nanoseconds * 4096 // 1_000_000)
    with _lock:
        _last_ticks = ticks = max(ticks, _last_ticks + 1)
    return UUID(int=(ticks >> 12) << 80 | _VERSION | (ticks & 0xFFF) << 64 | _VARIANT | secrets.randbits(_RANDOM_BITS))
