"""What an answer means: delivered, to be tried again at a stated time, or never again."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

# What passes before each attempt, from the end of the one before it; after the last failure a delivery is dead.
RETRY_AFTER_SECONDS: Final = (
    0.0,
    5.0,
    5 * 60.0,
    30 * 60.0,
    2 * 3600.0,
    5 * 3600.0,
    10 * 3600.0,
    14 * 3600.0,
    20 * 3600.0,
    24 * 3600.0,
)
MOST_ATTEMPTS: Final = len(RETRY_AFTER_SECONDS)
# An attempt is never early, and at most this fraction of its wait late: those that failed together come apart.
JITTER_FRACTION: Final = 0.2
# Whatever a receiver asks for, it is asked again within a day.
_LONGEST_REST = timedelta(days=1)
_BUSY: Final = frozenset({429, 502, 503, 504})
_GONE: Final = 410

Chance = Callable[[], float]
"""A number in [0, 1)."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a delivery; `resting_until` is when its endpoint wants to be asked again at the earliest."""

    status: Literal["delivered", "pending", "dead"]
    due_at: datetime
    resting_until: datetime | None = None
    gone: bool = False


def verdict_on(
    status_code: int | None,
    retry_after: str | None,
    *,
    whole: bool,
    failures: int,
    now: datetime,
    chance: Chance = random.random,
) -> Verdict:
    """`status_code` None is no answer; `whole` False one that broke off; `failures` are those before this attempt."""
    if whole and status_code is not None and 200 <= status_code < 300:
        return Verdict(status="delivered", due_at=now)
    if status_code == _GONE:
        return Verdict(status="dead", due_at=now, gone=True)
    resting_until = None
    if status_code in _BUSY and (asked := rest_asked_for(retry_after, now=now)) is not None:
        resting_until = now + asked
    if failures + 1 >= MOST_ATTEMPTS:
        return Verdict(status="dead", due_at=now, resting_until=resting_until)
    due_at = now + timedelta(seconds=RETRY_AFTER_SECONDS[failures + 1] * (1 + JITTER_FRACTION * chance()))
    return Verdict(status="pending", due_at=max(due_at, resting_until or due_at), resting_until=resting_until)


def rest_asked_for(retry_after: str | None, *, now: datetime) -> timedelta | None:
    """What a Retry-After asks for, in seconds or as a date (RFC 9110 section 10.2.3); None where it says nothing."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        rest = timedelta(seconds=min(int(text[:9]), _LONGEST_REST.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        rest = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(rest, _LONGEST_REST) if rest > timedelta(0) else None
