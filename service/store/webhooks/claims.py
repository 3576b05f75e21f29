"""Deliveries as workers see them: published by one worker at a time, claimed with a lease and a token, given back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    Uuid,
    any_,
    bindparam,
    case,
    delete,
    exists,
    func,
    lateral,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from service.store.metadata import table_of
from service.store.statements import Statement
from service.store.tables import WebhookDeliveries, WebhookEndpoints
from service.store.webhooks import secrets
from service.store.webhooks.deliveries import NewDelivery, new_row

# Nobody but the workers that fan out takes this lock; any number will do as long as it stays.
_FAN_OUT_LOCK = 8_351_202_613
# What is claimed of one endpoint at a time: enough to keep its connections busy, one by one while it fails.
_HELD_OF_ENDPOINT = 256
_HELD_OF_FAILING = 1


@dataclass(frozen=True, kw_only=True)
class DeliveryClaim:
    """A delivery that is this worker's alone until its lease runs out."""

    delivery_id: UUID
    workspace_id: UUID
    endpoint_id: UUID
    event_id: UUID
    token: UUID
    attempts: int
    failures: int
    content_type: str
    url: str
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


_D = table_of(WebhookDeliveries).c
_E = table_of(WebhookEndpoints).c
_EARLIER = table_of(WebhookDeliveries).alias("earlier")
_HELD = table_of(WebhookDeliveries).alias("held")
_NOW = bindparam("at", type_=DateTime(timezone=True))

_HELD_ALREADY = (
    select(func.count())
    .where(_HELD.c.endpoint_id == _E.id, _HELD.c.claim_token.is_not(None), _HELD.c.lease_expires_at >= _NOW)
    .correlate(table_of(WebhookEndpoints))
    .scalar_subquery()
)
_MOST = case((_E.failing_since.is_not(None), _HELD_OF_FAILING), else_=_HELD_OF_ENDPOINT)
# A later event on the same subject waits until the earlier is delivered or dead. The OFFSET keeps Postgres from making
# a join of it, which would look at everything that waits to answer for the few that are taken.
_WAITS = exists(
    select(1)
    .where(
        _EARLIER.c.endpoint_id == _D.endpoint_id,
        _EARLIER.c.subject == _D.subject,
        _EARLIER.c.status == "pending",
        _EARLIER.c.event_id < _D.event_id,
    )
    .correlate(table_of(WebhookDeliveries))
    .offset(literal_column("0"))
)
# For each endpoint its own few, so that a thousand that wait for one never stand before those of another.
_DUE = lateral(
    select(_D.id, _D.due_at)
    .where(
        _D.endpoint_id == _E.id,
        _D.finished_at.is_(None),
        _D.due_at <= _NOW,
        or_(_D.claim_token.is_(None), _D.lease_expires_at < _NOW),
        ~_WAITS,
    )
    .order_by(_D.due_at, _D.event_id)
    .limit(func.greatest(0, _MOST - _HELD_ALREADY))
    .with_for_update(skip_locked=True, of=table_of(WebhookDeliveries))
    .correlate(table_of(WebhookEndpoints)),
    name="due",
)
_CHOSEN = (
    select(_DUE.c.id, _E.url)
    .select_from(table_of(WebhookEndpoints).join(_DUE, true()))
    .where(_E.disabled_at.is_(None), or_(_E.resting_until.is_(None), _E.resting_until <= _NOW))
    .order_by(_DUE.c.due_at)
    .limit(bindparam("room", type_=Integer))
    .cte("chosen")
)
_CLAIM = Statement(
    update(table_of(WebhookDeliveries))
    .where(_D.id == _CHOSEN.c.id)
    .returning(
        _D.id,
        _D.workspace_id,
        _D.endpoint_id,
        _D.event_id,
        _D.attempts,
        _D.failures,
        _D.content_type,
        _CHOSEN.c.url,
        _D.body,
    )
)


def fan_out_is_ours(delivery_session: Connection) -> bool:
    """True until this transaction ends for one worker at a time.

    Two that took events at once could let a later event on a subject overtake the earlier.
    """
    taken: bool = delivery_session.execute(select(func.pg_try_advisory_xact_lock(_FAN_OUT_LOCK))).scalar_one()
    return taken


def add_all(delivery_session: Connection, new: Sequence[NewDelivery], *, now: datetime) -> None:
    """Deliveries that are due at once; one that is there already stays as it is."""
    if new:
        statement = insert_or_skip(table_of(WebhookDeliveries)).on_conflict_do_nothing(
            index_elements=["event_id", "endpoint_id"]
        )
        delivery_session.execute(statement, [new_row(one, now=now) for one in new])


def claim(
    delivery_session: Connection, *, room: int, token: UUID, lease_seconds: float, now: datetime
) -> list[DeliveryClaim]:
    """Takes what is due and nobody holds, `room` at most and few of each endpoint; two callers take different ones."""
    values = {"at": now, "room": room, "claim_token": token, "lease_expires_at": now + timedelta(seconds=lease_seconds)}
    rows = _CLAIM.run(delivery_session, values).all()
    if not rows:
        return []
    signing = secrets.valid(delivery_session, {row.endpoint_id for row in rows}, now=now)
    claims = [
        DeliveryClaim(
            delivery_id=row.id,
            workspace_id=row.workspace_id,
            endpoint_id=row.endpoint_id,
            event_id=row.event_id,
            token=token,
            attempts=row.attempts,
            failures=row.failures,
            content_type=row.content_type,
            url=row.url,
            body=bytes(row.body),
            secrets=tuple(signing.get(row.endpoint_id, ())),
        )
        for row in rows
    ]
    return sorted(claims, key=lambda one: one.event_id)


def renew(delivery_session: Connection, tokens: Collection[UUID], *, lease_seconds: float, now: datetime) -> None:
    """Extends the lease of everything that is held under these tokens."""
    delivery_session.execute(
        update(WebhookDeliveries)
        .where(WebhookDeliveries.claim_token == any_(bindparam("tokens", list(tokens), type_=ARRAY(Uuid))))
        .values(lease_expires_at=now + timedelta(seconds=lease_seconds))
    )


def release(delivery_session: Connection, claims: Sequence[DeliveryClaim]) -> None:
    """Gives back what was claimed and not sent."""
    for token in {one.token for one in claims}:
        ids = [one.delivery_id for one in claims if one.token == token]
        delivery_session.execute(
            update(WebhookDeliveries)
            .where(WebhookDeliveries.id.in_(ids), WebhookDeliveries.claim_token == token)
            .values(claim_token=None, lease_expires_at=None)
        )


def clean(delivery_session: Connection, *, finished_before: datetime) -> int:
    """Forgets deliveries that ended before then, and their attempts; answers how many."""
    statement = (
        delete(WebhookDeliveries)
        .where(WebhookDeliveries.status != "pending", WebhookDeliveries.finished_at < finished_before)
        .returning(WebhookDeliveries.id)
    )
    return len(delivery_session.execute(statement).all())
