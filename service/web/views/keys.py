"""What the page of keys says of each: whether it still opens anything, and how long a new one may."""

from datetime import datetime, timedelta
from typing import Literal

from service.store.keys import KeyRecord

State = Literal["active", "expired", "revoked"]

_TERMS = ((30, "30 days"), (90, "90 days"), (365, "a year"))


def key_state(key: KeyRecord, now: datetime) -> State:
    """`revoked` stands over `expired`."""
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "active"


def expiries(now: datetime) -> list[tuple[str, str]]:
    """The moments at which a new key may end, as the API takes them, with what they are called."""
    ends = [(now.replace(microsecond=0) + timedelta(days=days), said) for days, said in _TERMS]
    return [(end.isoformat(), f"in {said}, {end:%Y-%m-%d}") for end, said in ends]
