"""The lines of a forecast as they lie in the store, chunk by chunk."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from service.store import lines
from service.store.database import Database
from service.store.lines import LineRecord

# A chunk is held in memory, and fetched in a transaction of its own: a slow reader keeps no connection.
_LINES_IN_A_CHUNK = 5000


def stored_chunks(database: Database, workspace_id: UUID, forecast_id: UUID) -> Iterator[Sequence[LineRecord]]:
    """From the first line to the last; a finished forecast's lines never change, so no snapshot has to be kept."""
    after: int | None = None
    while True:
        with database.tenant(workspace_id) as session:
            found, after = lines.page(session, forecast_id, after=after, limit=_LINES_IN_A_CHUNK)
        yield found
        if after is None:
            return
