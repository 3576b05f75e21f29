"""What attempts came to: written for many deliveries at once, with their log and what they say about endpoints.

A result is written only where the delivery is still held under the same token, so a worker that was given up for dead
changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.statements import Statement
from service.store.tables import WebhookAttempts, WebhookDeliveries, WebhookEndpoints
from service.store.webhooks.claims import DeliveryClaim
from service.store.webhooks.endpoints import GONE


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

_RESULT: dict[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    "id": Uuid,
    "token": Uuid,
    "status": Text,
    "failed": Integer,
    "due_at": DateTime(timezone=True),
    "finished_at": DateTime(timezone=True),
    "attempt_id": Uuid,
    "began_at": DateTime(timezone=True),
    "milliseconds": Integer,
    "status_code": SmallInteger,
    "error": Text,
    "answer_begins": Text,
}
_RESULTS = (
    func.unnest(*(cast(bindparam(f"new_{name}"), ARRAY(kind)) for name, kind in _RESULT.items()))
    .table_valued(*(column(name, kind) for name, kind in _RESULT.items()), name="result")
    .render_derived()
)
_WRITTEN = (
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
    .returning(
        _RESULTS.c.attempt_id.label("id"),
        _D.workspace_id,
        _D.id.label("delivery_id"),
        _D.attempts.label("number"),
        *(_RESULTS.c[name] for name in ("began_at", "milliseconds", "status_code", "error", "answer_begins")),
    )
    .cte("written")
)
# Deliveries and the log of their attempts in one statement.
_RECORD = Statement(
    insert(table_of(WebhookAttempts))
    .from_select([one.name for one in _WRITTEN.c], select(_WRITTEN))
    .returning(table_of(WebhookAttempts).c.delivery_id)
)


def record(delivery_session: Connection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Writes what attempts came to, and what that says about their endpoints; nothing where a claim was lost."""
    if not outcomes:
        return
    columns: dict[str, list[Any]] = {
        "id": [one.claim.delivery_id for one in outcomes],
        "token": [one.claim.token for one in outcomes],
        "failed": [0 if one.status == "delivered" else 1 for one in outcomes],
        "finished_at": [None if one.status == "pending" else now for one in outcomes],
        "attempt_id": [new_id() for _ in outcomes],
    }
    columns |= {name: [getattr(one, name) for one in outcomes] for name in _RESULT if name not in columns}
    rows = _RECORD.run(delivery_session, {f"new_{name}": columns[name] for name in _RESULT})
    held = {row.delivery_id for row in rows}
    _tell_endpoints(delivery_session, [one for one in outcomes if one.claim.delivery_id in held], now)


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
