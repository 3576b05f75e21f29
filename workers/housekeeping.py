"""What a tick does: takes back lost work, sends what waits, watches budgets, publishes events, forgets what is old."""

from datetime import datetime, timedelta

import structlog

from service.queue import Queue
from service.settings import Settings
from service.store import claims, console_sessions, idempotency, outbox, price_watches, sign_in_links
from service.store.database import Database
from service.store.webhooks import claims as delivery_claims
from service.store.webhooks import deliveries, secrets
from workers.budget_watch import check_budgets
from workers.fanning_out import fan_out

# Nobody waits for a watch, and behind a long queue copies should stay few.
_WATCH_SENT_TOO_LONG_SECONDS = 60.0
_EVENTS_KEPT = timedelta(days=7)
_DELIVERIES_KEPT = timedelta(days=30)

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
    # Deliverers publish within a second; here it is done for those that wait while none runs.
    published = fan_out(database, now=now)
    with database.delivery() as session:
        buried = deliveries.bury_disabled(session, now=now)
        forgotten_deliveries = delivery_claims.clean(session, finished_before=now - _DELIVERIES_KEPT)
        secrets.clean(session, now=now)
    with database.system() as session:
        forgotten_events = outbox.clean(session, published_before=now - _EVENTS_KEPT)
        forgotten_keys = idempotency.clean(session, now=now)
        forgotten_sign_ins = console_sessions.clean(session, now=now) + sign_in_links.clean(session, now=now)
    kept = {
        "requeued": len(requeued),
        "price_watches": len(due),
        "alerts_raised": raised,
        "published": published,
        "deliveries_buried": buried,
        "forgotten_events": forgotten_events,
        "forgotten_deliveries": forgotten_deliveries,
        "forgotten_keys": forgotten_keys,
        "forgotten_sign_ins": forgotten_sign_ins,
    }
    if any(kept.values()):
        log.info("house_kept", **kept)
