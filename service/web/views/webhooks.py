"""What the pages of webhooks say: how an endpoint fares, which events it gets, and what a receiver has to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from service.store.webhooks.endpoints import EndpointRecord
from service.webhooks.answers import JITTER_FRACTION, RETRY_AFTER_SECONDS
from service.webhooks.events import EVENTS
from service.webhooks.signing import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER

State = Literal["active", "failing", "disabled"]


def endpoint_state(endpoint: EndpointRecord) -> State:
    """`failing` is one that is sent to and whose last attempts came to nothing."""
    if endpoint.disabled_at is not None:
        return "disabled"
    return "active" if endpoint.failing_since is None else "failing"


def events_words(events: Sequence[str] | None) -> str:
    """The names of events; None is every one, those of later versions too."""
    return "every event" if events is None else ", ".join(events)


@dataclass(frozen=True, kw_only=True)
class ReceiversGuide:
    """What whoever writes a receiver asks first; `waits` are what passes before each attempt, the first included.

    An attempt is up to `late_fraction` of its wait late.
    """

    events: tuple[tuple[str, str], ...]
    waits: tuple[str, ...]
    late_fraction: float
    headers: tuple[tuple[str, str], ...]


def receivers_guide() -> ReceiversGuide:
    """As the code has it; docs/webhooks.md says more."""
    return ReceiversGuide(
        events=tuple((name, _WHEN[name]) for name in EVENTS),
        waits=tuple(wait_words(seconds) for seconds in RETRY_AFTER_SECONDS),
        late_fraction=JITTER_FRACTION,
        headers=(
            (ID_HEADER, "the event's, the same in every attempt and replay: what came twice is told by it"),
            (TIMESTAMP_HEADER, "when this attempt was signed, in seconds since 1970"),
            (
                SIGNATURE_HEADER,
                "v1 and the HMAC-SHA256 of id, timestamp and body under the secret; two while it changes",
            ),
        ),
    )


def wait_words(seconds: float) -> str:
    """A wait in the largest unit that it is a whole number of."""
    if seconds == 0:
        return "at once"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds / size:g} {unit}"


_UNITS: Final = ((3600, "h"), (60, "min"), (1, "s"))
_WHEN: Final = {
    "forecast.completed": "a forecast succeeded",
    "forecast.failed": "a forecast failed",
    "budget.approved": "a version of a budget was approved",
    "budget.threshold_crossed": "actual or forecast cost reached a limit",
    "price.changed": "a price of a model in use changed",
    "schedule.skipped": "an occurrence was skipped, or missed by an absent scheduler",
}
