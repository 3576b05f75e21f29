"""Who asked for a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Asked:
    """In words, and where more about them is, if anywhere."""

    words: str
    address: str | None = None


def asked_by(actor: str, names: Mapping[str, str]) -> Asked:
    """`names` has the names of the keys and schedules that are still there."""
    kind, _, actor_id = actor.partition("/")
    name = names.get(actor)
    if kind == "schedule":
        gone = Asked(words="a deleted schedule")
        return gone if name is None else Asked(words=f"schedule {name}", address=f"/schedules/{actor_id}")
    if kind == "key":
        return Asked(words=f"key {name or actor_id}", address=None if name is None else "/keys")
    return Asked(words=actor)
