"""Endpoints: the addresses that want a workspace's events, versioned like every resource that people edit."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from service.store.database import workspace_of
from service.store.errors import LimitReached, NotFound, StaleVersion
from service.store.ids import new_id
from service.store.pages import cut
from service.store.tables import WebhookEndpoints

RESOURCE = "webhook"
# Each costs every event of its workspace a delivery, and a deliverer a thread while its name is looked up.
MOST_ENDPOINTS: Final = 50
BY_OWNER = "its owner disabled it"
GONE = "it answered 410 Gone"


@dataclass(frozen=True, kw_only=True)
class NewEndpoint:
    """What a caller decides about an endpoint; `events` None means all there are."""

    url: str
    description: str
    events: list[str] | None
    envelope: str
    enabled: bool


@dataclass(frozen=True)
class EndpointRecord:
    """A stored endpoint; `version` rises with what is declared and with a 410, not with each failure and recovery."""

    id: UUID
    url: str
    description: str
    events: list[str] | None
    envelope: str
    disabled_at: datetime | None
    disabled_reason: str | None
    failing_since: datetime | None
    resting_until: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class WantedBy:
    """An endpoint that takes events of its workspace."""

    endpoint_id: UUID
    workspace_id: UUID
    events: list[str] | None
    envelope: str

    def wants(self, event: str) -> bool:
        return self.events is None or event in self.events


_COLUMNS = [getattr(WebhookEndpoints, field.name) for field in fields(EndpointRecord)]


def add(session: Connection, endpoint: NewEndpoint, *, now: datetime) -> EndpointRecord:
    """Raises LimitReached."""
    _refuse_too_many(session)
    statement = insert(WebhookEndpoints).values(
        **_declared(endpoint),
        **_disabled(endpoint, now),
        id=new_id(),
        workspace_id=workspace_of(session),
        version=1,
        created_at=now,
        updated_at=now,
    )
    return EndpointRecord(*session.execute(statement.returning(*_COLUMNS)).one())


def get(session: Connection, endpoint_id: UUID) -> EndpointRecord:
    """Raises NotFound."""
    found = session.execute(select(*_COLUMNS).where(WebhookEndpoints.id == endpoint_id)).one_or_none()
    if found is None:
        raise NotFound(RESOURCE, endpoint_id)
    return EndpointRecord(*found)


def by_id(session: Connection, endpoint_ids: Collection[UUID]) -> dict[UUID, EndpointRecord]:
    """Those of these endpoints that there are."""
    found = session.execute(select(*_COLUMNS).where(WebhookEndpoints.id.in_(endpoint_ids)))
    return {row.id: EndpointRecord(*row) for row in found}


def page(session: Connection, *, after: UUID | None, limit: int) -> tuple[list[EndpointRecord], UUID | None]:
    """Endpoints in the order they were made, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(WebhookEndpoints.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(WebhookEndpoints.id > after)
    return cut([EndpointRecord(*row) for row in session.execute(statement)], limit)


def replace(
    session: Connection, endpoint_id: UUID, endpoint: NewEndpoint, *, expected_version: int, now: datetime
) -> EndpointRecord:
    """Raises NotFound, StaleVersion. What deliveries met before is forgotten: another address may be well."""
    current = get(session, endpoint_id)
    # Disabled again is disabled since and because of what it was disabled by first.
    kept = current.disabled_at is not None and not endpoint.enabled
    statement = (
        update(WebhookEndpoints)
        .where(WebhookEndpoints.id == endpoint_id, WebhookEndpoints.version == expected_version)
        .values(
            **_declared(endpoint),
            **({} if kept else _disabled(endpoint, now)),
            failing_since=None,
            resting_until=None,
            version=WebhookEndpoints.version + 1,
            updated_at=now,
        )
        .returning(*_COLUMNS)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise StaleVersion(RESOURCE, endpoint_id, get(session, endpoint_id).version)
    return EndpointRecord(*found)


def remove(session: Connection, endpoint_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion. Its secrets, deliveries and attempts go with it."""
    statement = delete(WebhookEndpoints).where(
        WebhookEndpoints.id == endpoint_id, WebhookEndpoints.version == expected_version
    )
    if session.execute(statement.returning(WebhookEndpoints.id)).one_or_none() is None:
        raise StaleVersion(RESOURCE, endpoint_id, get(session, endpoint_id).version)


def touch(session: Connection, endpoint_id: UUID, *, now: datetime) -> EndpointRecord:
    """Raises NotFound. The next version of an endpoint that stays as it is: its secret was exchanged."""
    statement = (
        update(WebhookEndpoints)
        .where(WebhookEndpoints.id == endpoint_id)
        .values(version=WebhookEndpoints.version + 1, updated_at=now)
        .returning(*_COLUMNS)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(RESOURCE, endpoint_id)
    return EndpointRecord(*found)


def wake(session: Connection, endpoint_ids: Collection[UUID]) -> None:
    """Lets deliveries go on at once, whatever a Retry-After asked for: somebody wants one now."""
    session.execute(
        update(WebhookEndpoints)
        .where(
            WebhookEndpoints.id.in_(endpoint_ids),
            or_(WebhookEndpoints.resting_until.is_not(None), WebhookEndpoints.failing_since.is_not(None)),
        )
        .values(resting_until=None, failing_since=None)
    )


def wanting(delivery_session: Connection, workspace_ids: Collection[UUID]) -> list[WantedBy]:
    """The enabled endpoints of these workspaces."""
    statement = select(
        WebhookEndpoints.id, WebhookEndpoints.workspace_id, WebhookEndpoints.events, WebhookEndpoints.envelope
    ).where(WebhookEndpoints.workspace_id.in_(workspace_ids), WebhookEndpoints.disabled_at.is_(None))
    return [WantedBy(*row) for row in delivery_session.execute(statement)]


def _refuse_too_many(session: Connection) -> None:
    # Until this transaction ends, nobody else adds one: two that count at once would both be the last.
    key = f"webhooks {workspace_of(session)}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    there_are = session.execute(select(func.count()).select_from(WebhookEndpoints)).scalar_one()
    if there_are >= MOST_ENDPOINTS:
        raise LimitReached(RESOURCE, MOST_ENDPOINTS)


def _declared(endpoint: NewEndpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in ("url", "description", "events", "envelope")}


def _disabled(endpoint: NewEndpoint, now: datetime) -> dict[str, Any]:
    if endpoint.enabled:
        return {"disabled_at": None, "disabled_reason": None}
    return {"disabled_at": now, "disabled_reason": BY_OWNER}
