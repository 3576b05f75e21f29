"""What a tick does: takes back lost forecasts, sends what waits, watches budgets, relays events, forgets the old."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.budgeting.watching import check_thresholds
from service.queue import Queue
from service.settings import Settings
from service.store import claims, idempotency, outbox
from service.store.budgets import checks
from service.store.database import Database

_EVENTS_AT_ONCE = 500
_EVENTS_KEPT = timedelta(days=7)

log = structlog.get_logger()


def tick(database: Database, queue: Queue, settings: Settings, *, now: datetime) -> None:
    """One round; two rounds at once do each thing once, because every row is locked by the one that takes it."""
    with database.system() as session:
        requeued = claims.requeue_lost(
            session,
            now=now,
            queued_too_long_seconds=settings.queued_too_long_seconds,
            max_attempts=settings.max_attempts,
        )
    for forecast in requeued:
        queue.send_forecast(forecast.forecast_id, forecast.workspace_id)
    raised = check_budgets(database, now=now)
    with database.system() as session:
        relayed = outbox.relay(session, limit=_EVENTS_AT_ONCE, now=now)
        forgotten_events = outbox.clean(session, published_before=now - _EVENTS_KEPT)
        forgotten_keys = idempotency.clean(session, now=now)
    if requeued or raised or relayed or forgotten_events or forgotten_keys:
        log.info(
            "house_kept",
            requeued=len(requeued),
            alerts_raised=raised,
            relayed=len(relayed),
            forgotten_events=forgotten_events,
            forgotten_keys=forgotten_keys,
        )


def check_budgets(database: Database, *, now: datetime) -> int:
    """Holds each budget that is due against its thresholds, in a transaction of its own; how many alerts that raised.

    One that cannot be checked must not keep the others from it: it is due again within the hour.
    """
    with database.system() as session:
        due = checks.take_due(session, now=now)
    raised = 0
    for one in due:
        try:
            with database.tenant(one.workspace_id) as session:
                raised += len(check_thresholds(session, one.budget_id, now=now))
        except SQLAlchemyError:
            log.exception("budget_not_checked", budget_id=str(one.budget_id), workspace_id=str(one.workspace_id))
    return raised
