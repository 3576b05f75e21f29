"""From the outbox to deliveries: one for each endpoint that wants the event, in the transaction that publishes it."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from service.store import outbox
from service.store.database import Database
from service.store.outbox import OutboxRecord
from service.store.webhooks import claims, endpoints
from service.store.webhooks.deliveries import NewDelivery
from service.store.webhooks.endpoints import WantedBy
from service.webhooks.envelopes import Event, enveloped
from service.webhooks.events import offered_name, receiver_data

EVENTS_AT_ONCE = 500

log = structlog.get_logger()


def fan_out(database: Database, *, now: datetime) -> int:
    """Publishes the oldest events; answers how many. Whoever comes while another does it leaves it to that one.

    A crash before the commit leaves the events where they were, one after it leaves deliveries that are due.
    """
    with database.delivery(durable=False) as session:
        if not claims.fan_out_is_ours(session):
            return 0
        events = outbox.relay(session, limit=EVENTS_AT_ONCE, now=now)
        offered = [event for event in events if offered_name(event.event) is not None]
        if offered:
            wanted = endpoints.wanting(session, {event.workspace_id for event in offered})
            claims.add_all(session, _deliveries(offered, wanted), now=now)
    return len(events)


def _deliveries(events: Sequence[OutboxRecord], wanted: Sequence[WantedBy]) -> list[NewDelivery]:
    found: list[NewDelivery] = []
    for event in events:
        try:
            found += _of_event(event, [one for one in wanted if one.workspace_id == event.workspace_id])
        except (KeyError, TypeError, ValueError):
            # One event that cannot be written must not keep all others from their receivers.
            log.exception("event_not_offered", event_id=str(event.id), outbox_event=event.event)
    return found


def _of_event(event: OutboxRecord, wanted: Sequence[WantedBy]) -> list[NewDelivery]:
    name = offered_name(event.event) or event.event
    takers = [one for one in wanted if one.wants(name)]
    if not takers:
        return []
    offered = Event(
        id=event.id,
        workspace_id=event.workspace_id,
        name=name,
        subject=event.subject,
        data=receiver_data(event.event, event.data),
        at=event.created_at,
    )
    written = {envelope: enveloped(offered, envelope) for envelope in {one.envelope for one in takers}}
    return [
        NewDelivery(
            workspace_id=event.workspace_id,
            endpoint_id=one.endpoint_id,
            event_id=event.id,
            event=name,
            subject=event.subject,
            content_type=written[one.envelope][0],
            body=written[one.envelope][1],
        )
        for one in takers
    ]
