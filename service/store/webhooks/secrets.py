"""Secrets of endpoints: a workspace writes them and cannot read them back; what delivers reads and signs."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, or_, select, update

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.tables import WebhookSecrets

# Whoever rotates again and again must not make a header that no receiver reads.
_MOST_SIGNING = 5


def add(session: Connection, endpoint_id: UUID, secret: str, *, old_until: datetime, now: datetime) -> None:
    """The secret that signs from now on; those before it sign too until then, and no longer than was said before.

    Hold the endpoint's row meanwhile: two rotations at once would both be the newest.
    """
    session.execute(
        update(WebhookSecrets)
        .where(
            WebhookSecrets.endpoint_id == endpoint_id,
            or_(WebhookSecrets.expires_at.is_(None), WebhookSecrets.expires_at > old_until),
        )
        .values(expires_at=old_until)
    )
    session.execute(
        insert(WebhookSecrets).values(
            id=new_id(),
            workspace_id=workspace_of(session),
            endpoint_id=endpoint_id,
            secret=secret,
            created_at=now,
            expires_at=None,
        )
    )


def valid(delivery_session: Connection, endpoint_ids: Collection[UUID], *, now: datetime) -> dict[UUID, list[str]]:
    """What signs for each of these endpoints, the newest first: two during a rotation, more after several."""
    statement = (
        select(WebhookSecrets.endpoint_id, WebhookSecrets.secret)
        .where(
            WebhookSecrets.endpoint_id.in_(endpoint_ids),
            or_(WebhookSecrets.expires_at.is_(None), WebhookSecrets.expires_at > now),
        )
        .order_by(WebhookSecrets.created_at.desc(), WebhookSecrets.id.desc())
    )
    found: dict[UUID, list[str]] = {}
    for endpoint_id, secret in delivery_session.execute(statement):
        signing = found.setdefault(endpoint_id, [])
        if len(signing) < _MOST_SIGNING:
            signing.append(secret)
    return found


def clean(delivery_session: Connection, *, now: datetime) -> int:
    """Forgets secrets that sign no more; answers how many."""
    statement = delete(WebhookSecrets).where(WebhookSecrets.expires_at <= now).returning(WebhookSecrets.id)
    return len(delivery_session.execute(statement).all())
