"""Fleets as a resource: the declared document with its identity."""

from datetime import datetime
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas.fleet.fleet import FleetIn
from service.store.fleets import FleetRecord, NewFleet

DEFAULT_CURRENCY = "USD"


class FleetOut(FleetIn, kw_only=True, frozen=True):
    id: UUID
    version: int
    plan_id: UUID | None
    created_at: datetime
    updated_at: datetime


class FleetPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[FleetOut]
    next_cursor: str | None


def new_fleet(sent: FleetIn) -> NewFleet:
    """The row of a fleet that makes sense; raises InvalidInput with every problem of one that does not."""
    findings = Findings()
    sent.to_fleet(findings)
    findings.end()
    return fleet_row(sent, plan_currency=DEFAULT_CURRENCY)


def fleet_row(sent: FleetIn, *, plan_currency: str) -> NewFleet:
    """The row of a fleet whose meaning was checked. Its currency is written down, so that it lasts."""
    currency = sent.currency or plan_currency
    return NewFleet(
        name=sent.name,
        cost_center=sent.cost_center,
        accelerator=sent.accelerator,
        serves=sent.serves,
        nodes=sent.nodes,
        currency=currency,
        document={**msgspec.to_builtins(sent), "currency": currency},
    )


def fleet_out(record: FleetRecord) -> dict[str, object]:
    """JSON values in the shape of FleetOut; the stored document is passed on as it is."""
    return {
        "id": record.id,
        "version": record.version,
        "plan_id": record.plan_id,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        **record.document,
    }
