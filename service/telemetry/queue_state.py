"""The queue as the metrics show it."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from service.store.database import Database
from service.store.queue_counts import oldest_queued_at, unfinished_counts
from service.telemetry.metrics import QueueState


def queue_state(database: Database, now: datetime) -> QueueState | None:
    """None when the database does not answer: the other figures matter most just then."""
    try:
        with database.system() as session:
            counts = {"queued": 0, "running": 0, **unfinished_counts(session)}
            oldest = oldest_queued_at(session)
    except SQLAlchemyError:
        return None
    waited = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    return QueueState(by_status=counts, oldest_queued_seconds=waited)
