"""Which requests are sent again after a failure, how often, and after which pause."""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus

import httpx

# The service, or what stands before it, says that it did not do the request.
_NOT_DONE = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
# Nobody can say whether it was done: these are repeated where a second time does no harm.
_IN_DOUBT = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
_BUSY = "/problems/idempotency-key-busy"


class Repeatable(Enum):
    """`ALWAYS` for reads and for what carries an Idempotency-Key; `IF_NOT_DONE` for what must not happen twice."""

    ALWAYS = "always"
    IF_NOT_DONE = "if not done"


@dataclass(frozen=True, kw_only=True)
class Retries:
    """The pause doubles from attempt to attempt, with jitter, and is never shorter than Retry-After asks for.

    A service that asks for more than `longest_pause_seconds` is not waited for.
    """

    attempts: int = 4
    first_pause_seconds: float = 0.25
    longest_pause_seconds: float = 20.0

    def pause_after(
        self, attempt: int, failure: httpx.Response | httpx.TransportError, way: Repeatable
    ) -> float | None:
        """Seconds until the next attempt after this one (the first is 1); None when there should be none."""
        if attempt >= self.attempts:
            return None
        asked = 0.0
        if isinstance(failure, httpx.Response):
            if not _is_worth_repeating(failure, way):
                return None
            asked = _retry_after(failure)
        elif not _was_lost(failure, way):
            return None
        if asked > self.longest_pause_seconds:
            return None
        backoff = self.first_pause_seconds * math.pow(2, attempt - 1) * random.SystemRandom().uniform(0.75, 1.25)
        return max(asked, min(backoff, self.longest_pause_seconds))


def _was_lost(failure: httpx.TransportError, way: Repeatable) -> bool:
    # What never left this machine can be sent again, whatever it is. An answer that was waited for in vain is not
    # waited for a second time.
    if isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout):
        return True
    lost = isinstance(failure, httpx.NetworkError | httpx.RemoteProtocolError)
    return lost and way is Repeatable.ALWAYS


def _is_worth_repeating(answer: httpx.Response, way: Repeatable) -> bool:
    if answer.status_code in _NOT_DONE:
        return True
    if way is not Repeatable.ALWAYS:
        return False
    # The first attempt is still at work: its answer is what the next attempt gets.
    busy = answer.status_code == HTTPStatus.CONFLICT and _BUSY.encode() in answer.content
    return answer.status_code in _IN_DOUBT or busy


def _retry_after(answer: httpx.Response) -> float:
    """Seconds, whether they are given as such or as a date; 0 for none and for what cannot be read."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0
