"""Records usage: all rows of a batch or none, the same row as often as one likes, and none into a closed month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from forecasts.errors import Findings
from service.schemas.usage.record import UsageBatch
from service.store import usage
from service.store.budgets import checks
from service.store.database import workspace_of
from service.store.statements import write_together
from service.store.usage import Key, NewUsage, UsageRecord


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How many rows of a batch were new, gave a stored row other numbers, or said what was known."""

    added: int
    corrected: int
    unchanged: int


def record_usage(session: Connection, batch: UsageBatch, *, actor: str, now: datetime) -> Recorded:
    """Raises InvalidInput with every row that cannot be recorded, by pointers into the batch."""
    rows = batch.to_usage()
    months = {row.month for row in rows}
    closed = usage.lock_months(session, months)
    stored = usage.recorded(session, months)
    _check(rows, closed, stored, may_correct=batch.replace)
    new: dict[Key, NewUsage] = {}
    corrected: dict[Key, tuple[UUID, NewUsage]] = {}
    for row in rows:
        known = stored.get(row.key)
        if known is None:
            new[row.key] = row
        elif known.numbers != row.numbers:
            corrected[row.key] = (known.id, row)
    usage.add(session, list(new.values()), actor=actor, now=now)
    usage.correct(session, corrected.values(), actor=actor, now=now)
    # Approved budgets are held against what was spent; the tick does it.
    write_together(session, checks.due(workspace_of(session)))
    unchanged = len(rows) - len(new) - len(corrected)
    return Recorded(added=len(new), corrected=len(corrected), unchanged=unchanged)


def _check(rows: list[NewUsage], closed: set[date], stored: Mapping[Key, UsageRecord], *, may_correct: bool) -> None:
    findings = Findings()
    by_days = _told_by_days([*stored.values(), *rows])
    for index, row in enumerate(rows):
        known = stored.get(row.key)
        if known is not None and known.numbers == row.numbers:
            continue
        if row.month in closed:
            detail = f"{row.month:%Y-%m} is closed: what was recorded for it stands until somebody reopens it"
            findings.add(f"/rows/{index}/period", detail)
        elif known is not None and not may_correct:
            findings.add(
                f"/rows/{index}",
                f"is recorded with other numbers: quantity {known.quantity:f}, billed {known.billed:f}, effective "
                f"{known.effective:f} {known.currency}; send replace to correct it",
            )
        if len(by_days[_without_day(row)]) > 1:
            findings.add(f"/rows/{index}/period", f"{row.month:%Y-%m} would be told both whole and by its days")
    findings.end()


def _told_by_days(rows: Iterable[NewUsage]) -> dict[tuple[object, ...], set[bool]]:
    told: dict[tuple[object, ...], set[bool]] = {}
    for row in rows:
        told.setdefault(_without_day(row), set()).add(row.day is not None)
    return told


def _without_day(row: NewUsage) -> tuple[object, ...]:
    return (row.month, row.workload, row.route, row.meter)
