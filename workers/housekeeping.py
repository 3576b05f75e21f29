"""What a tick does: takes back lost work, sends what waits, watches budgets, relays events, forgets what is old."""

from datetime import datetime, timedelta

import structlog

from service.queue import Queue
from service.settings import Settings
from service.store import claims, console_sessions, idempotency, outbox, price_watches, sign_in_links
from service.store.database import Database
from workers.budget_watch import check_budgets

_EVENTS_AT_ONCE = 500
# Nobody waits for a watch, and behind a long queue copies should stay few.
_WATCH_SENT_TOO_LONG_SECONDS = 60.0
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
        due, given_up = price_watches.send_due(
            session, now=now, sent_too_long_seconds=_WATCH_SENT_TOO_LONG_SECONDS, max_attempts=settings.max_attempts
        )
    for one in due:
        queue.send_price_watch(one.watch_id, one.workspace_id)
    if given_up:
        log.warning("price_watches_given_up", count=given_up)
    with database.system() as session:
        relayed = outbox.relay(session, limit=_EVENTS_AT_ONCE, now=now)
        forgotten_events = outbox.clean(session, published_before=now - _EVENTS_KEPT)
        forgotten_keys = idempotency.clean(session, now=now)
        forgotten_sign_ins = console_sessions.clean(session, now=now) + sign_in_links.clean(session, now=now)
    if requeued or due or raised or relayed or forgotten_events or forgotten_keys or forgotten_sign_ins:
        log.info(
            "house_kept",
            requeued=len(requeued),
            price_watches=len(due),
            alerts_raised=raised,
            relayed=len(relayed),
            forgotten_events=forgotten_events,
            forgotten_keys=forgotten_keys,
            forgotten_sign_ins=forgotten_sign_ins,
        )
