"""Who did something, by the name that people know: the log names keys by their ids."""

from collections.abc import Iterable, Mapping
from uuid import UUID

_KEY = "key/"


def key_ids(actors: Iterable[str | None]) -> set[UUID]:
    """The keys among those that did something; None is nobody."""
    return {found for actor in actors if actor is not None and (found := _key_id(actor)) is not None}


def actor_name(actor: str, names: Mapping[UUID, str]) -> str:
    """The name of a key, and what is no key as it is written: `command line`, `schedule/...`."""
    found = _key_id(actor)
    if found is None:
        return actor.partition("/")[0]
    return names.get(found, "a key that is gone")


def _key_id(actor: str) -> UUID | None:
    if not actor.startswith(_KEY):
        return None
    try:
        return UUID(actor.removeprefix(_KEY))
    except ValueError:
        return None
