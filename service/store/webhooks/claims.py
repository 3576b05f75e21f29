"""Deliveries as workers see them: claimed with a lease and a token, recorded in batches, taken again when lost.

A result is written only where the delivery is still held under the same token, so a worker that was given up for dead
changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    lateral,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_or_skip
from sqlalchemy.types import TypeEngine

from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.statements import Statement
from service.store.tables import WebhookAttempts, WebhookDeliveries, WebhookEndpoints
from service.store.webhooks import secrets
from service.store.webhooks.deliveries import NewDelivery, new_row
from service.store.webhooks.endpoints import GONE

# Nobody but the workers that fan out takes this lock; any number will do as long as it stays.
_FAN_OUT_LOCK = 8_351_202_613
# What is claimed of one endpoint at a time: enough to keep its connections busy, one by one while it fails.
_HELD_OF_ENDPOINT = 64
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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an attempt came to: `status` is what the delivery has from now on, `due_at` when it is due while pending.

    `resting_until` is what the endpoint asked for; `gone` that it wants no event any more.
    """

    claim: DeliveryClaim
    began_at: datetime
    milliseconds: int
    status_code: int | None
    error: str | None
    answer_begins: str | None
    status: str
    due_at: datetime
    resting_until: datetime | None = None
    gone: bool = False


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
# A later event on the same subject waits until the earlier is delivered or dead.
_WAITS = exists().where(
    _EARLIER.c.endpoint_id == _D.endpoint_id,
    _EARLIER.c.subject == _D.subject,
    _EARLIER.c.status == "pending",
    _EARLIER.c.event_id < _D.event_id,
)
# For each endpoint its own few, so that a thousand that wait for one never stand before those of another.
_DUE = lateral(
    select(_D.id, _D.due_at)
    .where(
        _D.endpoint_id == _E.id,
        _D.status == "pending",
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

_RESULT: dict[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    "id": Uuid,
    "token": Uuid,
    "status": Text,
    "failed": Integer,
    "due_at": DateTime(timezone=True),
    "finished_at": DateTime(timezone=True),
    "status_code": SmallInteger,
    "error": Text,
}
_RESULTS = (
    func.unnest(*(cast(bindparam(f"new_{name}"), ARRAY(kind)) for name, kind in _RESULT.items()))
    .table_valued(*(column(name, kind) for name, kind in _RESULT.items()), name="result")
    .render_derived()
)
_RECORD = Statement(
    update(table_of(WebhookDeliveries))
    .where(_D.id == _RESULTS.c.id, _D.claim_token == _RESULTS.c.token)
    .values(
        status=_RESULTS.c.status,
        attempts=_D.attempts + 1,
        failures=_D.failures + _RESULTS.c.failed,
        due_at=_RESULTS.c.due_at,
        finished_at=_RESULTS.c.finished_at,
        last_status_code=_RESULTS.c.status_code,
        last_error=_RESULTS.c.error,
        claim_token=None,
        lease_expires_at=None,
    )
    .returning(_D.id, _D.attempts)
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
            index_elements=["endpoint_id", "event_id"]
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


def record(delivery_session: Connection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Writes what attempts came to, and what that says about their endpoints; nothing where a claim was lost."""
    if not outcomes:
        return
    columns: dict[str, list[Any]] = {
        "id": [one.claim.delivery_id for one in outcomes],
        "token": [one.claim.token for one in outcomes],
        "status": [one.status for one in outcomes],
        "failed": [0 if one.status == "delivered" else 1 for one in outcomes],
        "due_at": [one.due_at for one in outcomes],
        "finished_at": [None if one.status == "pending" else now for one in outcomes],
        "status_code": [one.status_code for one in outcomes],
        "error": [one.error for one in outcomes],
    }
    rows = _RECORD.run(delivery_session, {f"new_{name}": values for name, values in columns.items()})
    written: dict[UUID, int] = {row.id: row.attempts for row in rows}
    held = [one for one in outcomes if one.claim.delivery_id in written]
    if held:
        delivery_session.execute(
            insert(table_of(WebhookAttempts)),
            [
                {
                    "id": new_id(),
                    "workspace_id": one.claim.workspace_id,
                    "delivery_id": one.claim.delivery_id,
                    "number": written[one.claim.delivery_id],
                    "began_at": one.began_at,
                    "milliseconds": one.milliseconds,
                    "status_code": one.status_code,
                    "error": one.error,
                    "answer_begins": one.answer_begins,
                }
                for one in held
            ],
        )
    _tell_endpoints(delivery_session, held, now)


def clean(delivery_session: Connection, *, finished_before: datetime) -> int:
    """Forgets deliveries that ended before then, and their attempts; answers how many."""
    statement = (
        delete(WebhookDeliveries)
        .where(WebhookDeliveries.status != "pending", WebhookDeliveries.finished_at < finished_before)
        .returning(WebhookDeliveries.id)
    )
    return len(delivery_session.execute(statement).all())


def _tell_endpoints(delivery_session: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    # The last word on each endpoint counts; each statement touches only what it changes.
    last = {one.claim.endpoint_id: one for one in outcomes}
    well = [endpoint for endpoint, one in last.items() if one.status == "delivered"]
    failing = [endpoint for endpoint, one in last.items() if one.status != "delivered"]
    gone = {one.claim.endpoint_id for one in outcomes if one.gone}
    # Who read the endpoint before it was gone must not enable it again unawares: that is a new version.
    disabled = {"disabled_at": now, "disabled_reason": GONE, "version": WebhookEndpoints.version + 1}
    changes: tuple[tuple[Collection[UUID], Any, dict[str, Any]], ...] = (
        (well, WebhookEndpoints.failing_since.is_not(None), {"failing_since": None}),
        (failing, WebhookEndpoints.failing_since.is_(None), {"failing_since": now}),
        (gone, WebhookEndpoints.disabled_at.is_(None), disabled),
    )
    for endpoints, condition, values in changes:
        if endpoints:
            delivery_session.execute(
                update(WebhookEndpoints).where(WebhookEndpoints.id.in_(endpoints), condition).values(**values)
            )
    for one in outcomes:
        if one.resting_until is not None:
            delivery_session.execute(
                update(WebhookEndpoints)
                .where(
                    WebhookEndpoints.id == one.claim.endpoint_id,
                    or_(WebhookEndpoints.resting_until.is_(None), WebhookEndpoints.resting_until < one.resting_until),
                )
                .values(resting_until=one.resting_until)
            )
