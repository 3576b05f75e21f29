"""Price watches: queued with the prices that change something in use, claimed with a lease, closed with their event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Connection,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH, aggregate_order_by

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.tables import BudgetLines, Fleets, Forecasts, Prices, PriceWatches, Workloads

_SENT_AT_ONCE = 200
_RECENT_FORECASTS = 200


@dataclass(frozen=True)
class WatchClaim:
    """A watch that is this worker's alone until its lease runs out."""

    watch_id: UUID
    token: UUID
    provider: str
    model: str
    meter: str
    price_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class DueWatch:
    """A watch to send to the queue (again)."""

    watch_id: UUID
    workspace_id: UUID


_ROUTED = (
    func.jsonb_path_query(Workloads.document, cast("$.routes[*].to[*].model", JSONPATH))
    .table_valued(column("model", JSONB), name="routed")
    .render_derived()
)
# What a workload is routed to, or overflows to: a change of these moves the annual number.
_IN_USE = union(
    select(_ROUTED.c.model[()].astext).select_from(Workloads).join(_ROUTED, true()),
    select(Fleets.document["overflow_to"]["model"].astext),
)
_AFFECTED = (
    select(
        Prices.provider,
        Prices.model,
        Prices.meter,
        func.array_agg(aggregate_order_by(Prices.id, Prices.effective_from, Prices.id)),
    )
    .where(
        Prices.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        (Prices.provider + "/" + Prices.model).in_(_IN_USE),
    )
    .group_by(Prices.provider, Prices.model, Prices.meter)
    .order_by(Prices.provider, Prices.model, Prices.meter)
)


def watch(session: Connection, price_ids: Sequence[UUID], *, now: datetime) -> int:
    """Queues a watch for each model's meter among these new prices that the workspace uses; how many those are."""
    if not price_ids:
        return 0
    affected = session.execute(_AFFECTED, {"ids": list(price_ids)}).all()
    if affected:
        workspace_id = workspace_of(session)
        session.execute(
            insert(table_of(PriceWatches)),
            [
                {
                    "id": new_id(),
                    "workspace_id": workspace_id,
                    "provider": provider,
                    "model": model,
                    "meter": meter,
                    "price_ids": ids,
                    "queued_at": now,
                    "attempt": 0,
                }
                for provider, model, meter, ids in affected
            ],
        )
    return len(affected)


def send_due(
    system_session: Connection, *, now: datetime, sent_too_long_seconds: float, max_attempts: int
) -> tuple[list[DueWatch], int]:
    """What to send to the queue, and how many were given up; two callers at once answer different watches.

    Sent is what never was, what was sent too long ago and is not claimed, and what lost its lease.
    """
    free = PriceWatches.claim_token.is_(None)
    unsent = or_(PriceWatches.sent_at.is_(None), PriceWatches.sent_at < now - timedelta(seconds=sent_too_long_seconds))
    lost = PriceWatches.lease_expires_at < now
    given_up = system_session.execute(
        delete(PriceWatches).where(lost, PriceWatches.attempt >= max_attempts).returning(PriceWatches.id)
    ).all()
    due = (
        select(PriceWatches.id)
        .where(or_(free & unsent, lost))
        .order_by(PriceWatches.queued_at)
        .limit(_SENT_AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    sent = system_session.execute(
        update(PriceWatches)
        .where(PriceWatches.id.in_(due))
        .values(sent_at=now, claim_token=None, lease_expires_at=None)
        .returning(PriceWatches.id, PriceWatches.workspace_id)
    )
    return [DueWatch(*row) for row in sent], len(given_up)


def claim(
    session: Connection, watch_id: UUID, *, token: UUID, lease_seconds: float, now: datetime
) -> WatchClaim | None:
    """Takes a watch of the workspace that nobody holds, in one statement; a second delivery gets None."""
    row = session.execute(
        update(PriceWatches)
        .where(
            PriceWatches.id == watch_id,
            or_(PriceWatches.claim_token.is_(None), PriceWatches.lease_expires_at < now),
        )
        .values(
            claim_token=token,
            lease_expires_at=now + timedelta(seconds=lease_seconds),
            attempt=PriceWatches.attempt + 1,
        )
        .returning(PriceWatches.provider, PriceWatches.model, PriceWatches.meter, PriceWatches.price_ids)
    ).one_or_none()
    if row is None:
        return None
    return WatchClaim(watch_id, token, row.provider, row.model, row.meter, tuple(row.price_ids))


def close(session: Connection, claimed: WatchClaim) -> bool:
    """Ends the watch if the claim still holds. Its event belongs in the same transaction, where this is true."""
    gone = session.execute(
        delete(PriceWatches)
        .where(PriceWatches.id == claimed.watch_id, PriceWatches.claim_token == claimed.token)
        .returning(PriceWatches.id)
    )
    return gone.one_or_none() is not None


def latest_forecast_paying(session: Connection, provider: str, model: str) -> tuple[UUID, bytes] | None:
    """The id and snapshot of the newest finished forecast that has cost lines of a model, in any tier or region.

    One that is not among the newest few hundred is too old to say what the year costs, and would take long to find.
    """
    name = f"{provider}/{model}"
    route = BudgetLines.route
    paid = (
        select(BudgetLines.position)
        .where(
            BudgetLines.forecast_id == Forecasts.id,
            or_(route == name, func.starts_with(route, f"{name}#"), func.starts_with(route, f"{name}@")),
        )
        .correlate(Forecasts)
        .exists()
    )
    recent = (
        select(Forecasts.id)
        .where(Forecasts.status == "succeeded")
        .order_by(Forecasts.id.desc())
        .limit(_RECENT_FORECASTS)
        .scalar_subquery()
    )
    row = session.execute(
        select(Forecasts.id, Forecasts.snapshot)
        .where(Forecasts.id.in_(recent), paid)
        .order_by(Forecasts.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
