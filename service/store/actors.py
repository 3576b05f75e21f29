"""Who the actors of rows are: keys and schedules by the names that people gave them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from service.store.tables import ApiKeys, Schedules

_NAMES = {"key": (ApiKeys.id, ApiKeys.name), "schedule": (Schedules.id, Schedules.name)}


def names(session: Connection, actors: Iterable[str]) -> dict[str, str]:
    """The names of those actors that are a key or schedule of this workspace and still there, by `key/{id}`."""
    found: dict[str, str] = {}
    wanted = set(actors)
    for kind, (id_column, name_column) in _NAMES.items():
        ids = [UUID(actor.partition("/")[2]) for actor in wanted if actor.startswith(f"{kind}/")]
        if ids:
            rows = session.execute(select(id_column, name_column).where(id_column.in_(ids)))
            found |= {f"{kind}/{row_id}": name for row_id, name in rows}
    return found
