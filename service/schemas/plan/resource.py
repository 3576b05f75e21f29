"""Plans as a resource: the applied document with its identity, and what applying it changed."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from service.schemas.plan.plan import PlanIn
from service.store.plans import PlanRecord

Action = Literal["created", "updated", "unchanged", "deleted"]


class ApplyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    dry_run: bool = False
    prune: bool = False


class PlanSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    version: int
    created_at: datetime
    updated_at: datetime


class PlanOut(PlanIn, kw_only=True, frozen=True):
    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime


class PlanPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[PlanSummary]
    next_cursor: str | None


class ChangeOut(msgspec.Struct, frozen=True, kw_only=True):
    resource: Literal["plan", "price", "fleet", "measurement", "workload"]
    name: str
    action: Action


class PlanApplied(msgspec.Struct, frozen=True, kw_only=True):
    """`plan` is null where a dry run would create it."""

    plan: PlanSummary | None
    dry_run: bool
    changes: list[ChangeOut]


def plan_summary(record: PlanRecord) -> PlanSummary:
    return PlanSummary(
        id=record.id,
        name=record.name,
        version=record.version,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def plan_out(record: PlanRecord) -> dict[str, object]:
    """JSON values in the shape of PlanOut; the stored document is passed on as it is."""
    return {
        **msgspec.structs.asdict(plan_summary(record)),
        **record.document,
    }
