"""The outbox: events written in the transaction that caused them, taken out by the relay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.statements import Statement, Write, write_together
from service.store.tables import Outbox


@dataclass(frozen=True)
class OutboxRecord:
    """One event as its receivers will see it."""

    id: UUID
    workspace_id: UUID
    event: str
    subject: str
    data: dict[str, Any]
    created_at: datetime


_INSERT = Statement(insert(table_of(Outbox)))


def add(
    session: Connection,
    *,
    event: str,
    subject: str,
    data: Mapping[str, Any],
    now: datetime,
    workspace_id: UUID | None = None,
) -> None:
    """Announces what this transaction does, if it commits; `event` is a name such as `forecast.succeeded`.

    A system transaction has no workspace of its own and must say whose event it is.
    """
    write_together(
        session,
        announcement(workspace_id or workspace_of(session), event=event, subject=subject, data=data, now=now),
    )


def announcement(workspace_id: UUID, *, event: str, subject: str, data: Mapping[str, Any], now: datetime) -> Write:
    """What `add` writes, for whoever writes it together with other rows."""
    return _INSERT.with_values(
        {
            "id": new_id(),
            "workspace_id": workspace_id,
            "event": event,
            "subject": subject,
            "data": dict(data),
            "created_at": now,
        }
    )


def relay(delivery_session: Connection, *, limit: int, now: datetime) -> list[OutboxRecord]:
    """Takes the oldest unpublished events and marks them published; two relays at once take different ones."""
    taken = (
        select(Outbox.id)
        .where(Outbox.published_at.is_(None))
        .order_by(Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        update(Outbox)
        .where(Outbox.id.in_(taken))
        .values(published_at=now)
        .returning(Outbox.id, Outbox.workspace_id, Outbox.event, Outbox.subject, Outbox.data, Outbox.created_at)
    )
    return sorted((OutboxRecord(*row) for row in delivery_session.execute(statement)), key=lambda event: event.id)


def clean(system_session: Connection, *, published_before: datetime) -> int:
    """Forgets events published before then; answers how many."""
    statement = delete(Outbox).where(Outbox.published_at < published_before).returning(Outbox.id)
    return len(system_session.execute(statement).all())
