"""How deliveries stand, for those who look at them: what holds one back, and whether a replay would send any."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import aliased

from service.store.tables import WebhookDeliveries, WebhookEndpoints

_Earlier = aliased(WebhookDeliveries)


def held_back(session: Connection, delivery_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these deliveries those that wait for an earlier event on their subject, with the delivery they wait for."""
    # The first that is pending is the one that is sent next; whatever is between waits for it too.
    first = (
        select(_Earlier.id)
        .where(
            _Earlier.endpoint_id == WebhookDeliveries.endpoint_id,
            _Earlier.subject == WebhookDeliveries.subject,
            _Earlier.status == "pending",
            _Earlier.event_id < WebhookDeliveries.event_id,
        )
        .order_by(_Earlier.event_id)
        .limit(1)
        .correlate(WebhookDeliveries)
        .scalar_subquery()
    )
    statement = select(WebhookDeliveries.id, first).where(
        WebhookDeliveries.id.in_(delivery_ids), WebhookDeliveries.status == "pending"
    )
    return {held: earlier for held, earlier in session.execute(statement) if earlier is not None}


def has_replayable(session: Connection) -> bool:
    """Whether any dead letter is of an endpoint that takes events."""
    enabled = select(WebhookEndpoints.id).where(WebhookEndpoints.disabled_at.is_(None))
    found = exists().where(WebhookDeliveries.status == "dead", WebhookDeliveries.endpoint_id.in_(enabled))
    return bool(session.execute(select(found)).scalar_one())
