"""Versions of budgets: put forward from a forecast, submitted, approved and superseded; their figures never change."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on

from service.store import audit, outbox
from service.store.database import workspace_of
from service.store.errors import NotFound, StaleVersion, WrongStatus
from service.store.ids import new_id
from service.store.pages import cut
from service.store.tables import BudgetAlerts, Budgets

_RESOURCE = "budget"


@dataclass(frozen=True, kw_only=True)
class NewBudget:
    """What a version takes over from its forecast, in the forecast's currency."""

    name: str
    forecast_id: UUID
    currency: str
    basis: str
    confidence: Decimal
    amount: Decimal
    expected: Decimal
    contingency: Decimal
    first_month: date
    months: int
    note: str


@dataclass(frozen=True, kw_only=True)
class BudgetRecord(NewBudget):
    """A stored version; `number` counts those of one name, `version` the changes of this row."""

    id: UUID
    number: int
    status: str
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    submitted_reason: str | None
    approved_by: str | None
    approved_at: datetime | None
    approved_reason: str | None
    superseded_by: UUID | None
    superseded_at: datetime | None

    @property
    def ends(self) -> date:
        """The first day after the last month."""
        last = self.first_month.year * 12 + self.first_month.month - 1 + self.months
        return date(last // 12, last % 12 + 1, 1)

    def decided_on(self, today: date) -> date:
        """The day whose overrides count: that of the approval once there is one."""
        return today if self.approved_at is None else self.approved_at.date()


_NAMES = [field.name for field in fields(BudgetRecord)]
_COLUMNS = [getattr(Budgets, name) for name in _NAMES]
_DECLARED = [field.name for field in fields(NewBudget)]


def add(session: Connection, row: NewBudget, *, actor: str, now: datetime) -> BudgetRecord:
    """A draft with the next number of its name."""
    _hold_name(session, row.name)
    last = session.execute(select(func.max(Budgets.number)).where(Budgets.name == row.name)).scalar_one()
    values = {name: getattr(row, name) for name in _DECLARED}
    statement = insert(Budgets).values(
        **values,
        id=new_id(),
        workspace_id=workspace_of(session),
        number=(last or 0) + 1,
        status="draft",
        version=1,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    record = _record(session.execute(statement.returning(*_COLUMNS)).one())
    _note(session, record, "create", "", actor=actor, now=now)
    return record


def get(session: Connection, budget_id: UUID) -> BudgetRecord:
    """Raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Budgets.id == budget_id)).one_or_none()
    if row is None:
        raise NotFound(_RESOURCE, budget_id)
    return _record(row)


def page(
    session: Connection, *, after: UUID | None, limit: int, name: str | None = None, status: str | None = None
) -> tuple[list[BudgetRecord], UUID | None]:
    """The newest versions first, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(Budgets.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(Budgets.id < after)
    for column, wanted in ((Budgets.name, name), (Budgets.status, status)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return cut([_record(row) for row in session.execute(statement)], limit)


def newest_by_name(
    session: Connection, *, after: str | None, limit: int, status: str | None = None
) -> tuple[list[BudgetRecord], str | None]:
    """The newest version of each name, or the newest in a status, by name; and the name behind which the next page is.

    A name without any version in the status is left out.
    """
    statement = (
        select(*_COLUMNS).ext(distinct_on(Budgets.name)).order_by(Budgets.name, Budgets.number.desc()).limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Budgets.name > after)
    if status is not None:
        statement = statement.where(Budgets.status == status)
    found = [_record(row) for row in session.execute(statement)]
    return found[:limit], found[limit - 1].name if len(found) > limit else None


def approved(session: Connection, names: Collection[str]) -> dict[str, BudgetRecord]:
    """The approved version of each of the names that has one."""
    statement = select(*_COLUMNS).where(Budgets.name.in_(names), Budgets.status == "approved")
    return {record.name: record for record in map(_record, session.execute(statement))}


def submit(
    session: Connection, budget_id: UUID, *, expected_version: int, reason: str, actor: str, now: datetime
) -> BudgetRecord:
    """Draft to submitted. Raises NotFound, StaleVersion, WrongStatus."""
    changes = {"status": "submitted", "submitted_by": actor, "submitted_at": now, "submitted_reason": reason}
    record = _move(session, budget_id, expected_version, "draft", changes, now)
    _note(session, record, "submit", reason, actor=actor, now=now)
    _tell(session, record, "submitted", actor=actor, now=now)
    return record


def send_back(
    session: Connection, budget_id: UUID, *, expected_version: int, reason: str, actor: str, now: datetime
) -> BudgetRecord:
    """Submitted to draft again; the audit log keeps who had submitted it. Raises as `submit`."""
    changes = {"status": "draft", "submitted_by": None, "submitted_at": None, "submitted_reason": None}
    record = _move(session, budget_id, expected_version, "submitted", changes, now)
    _note(session, record, "return", reason, actor=actor, now=now)
    return record


def approve(
    session: Connection, budget_id: UUID, *, expected_version: int, reason: str, actor: str, now: datetime
) -> BudgetRecord:
    """Submitted to approved, which supersedes the version of its name that was approved before.

    Approvals of one name come one after the other, and never put an earlier version in the place of a later one.
    Raises as `submit`.
    """
    _hold_name(session, get(session, budget_id).name)
    before = get(session, budget_id)
    standing = session.execute(
        select(*_COLUMNS).where(Budgets.name == before.name, Budgets.status == "approved")
    ).one_or_none()
    if standing is not None and before.status == "submitted" and before.version == expected_version:
        approved = _record(standing)
        if approved.number > before.number:
            raise WrongStatus(
                _RESOURCE, budget_id, f"older than version {approved.number}, which is approved", "newest"
            )
        changes = {"status": "superseded", "superseded_by": budget_id, "superseded_at": now}
        superseded = _move(session, approved.id, approved.version, "approved", changes, now)
        # Nobody watches it any more, so nothing else would ever close these.
        over = update(BudgetAlerts).where(BudgetAlerts.budget_id == approved.id, BudgetAlerts.cleared_at.is_(None))
        session.execute(over.values(cleared_at=now))
        _note(session, superseded, "supersede", reason, actor=actor, now=now)
    changes = {"status": "approved", "approved_by": actor, "approved_at": now, "approved_reason": reason}
    record = _move(session, budget_id, expected_version, "submitted", changes, now)
    _note(session, record, "approve", reason, actor=actor, now=now)
    _tell(session, record, "approved", actor=actor, now=now)
    return record


def change_draft(session: Connection, budget_id: UUID, *, now: datetime) -> BudgetRecord:
    """A new version of a draft whose overrides change, so that nobody approves what they have not read.

    Holds the row until the transaction ends. Raises NotFound, WrongStatus.
    """
    return _move(session, budget_id, None, "draft", {}, now)


def remove(session: Connection, budget_id: UUID, *, expected_version: int, actor: str, now: datetime) -> None:
    """Removes a draft. Raises NotFound, StaleVersion, WrongStatus."""
    record = _move(session, budget_id, expected_version, "draft", {}, now)
    session.execute(delete(Budgets).where(Budgets.id == budget_id))
    _note(session, record, "delete", "", actor=actor, now=now)


def subject_of(budget_id: UUID) -> str:
    """How audit and outbox rows name a budget."""
    return f"budget/{budget_id}"


def _move(
    session: Connection,
    budget_id: UUID,
    expected_version: int | None,
    needed: str,
    changes: dict[str, Any],
    now: datetime,
) -> BudgetRecord:
    statement = update(Budgets).where(Budgets.id == budget_id, Budgets.status == needed)
    if expected_version is not None:
        statement = statement.where(Budgets.version == expected_version)
    moved = statement.values(**changes, version=Budgets.version + 1, updated_at=now).returning(*_COLUMNS)
    row = session.execute(moved).one_or_none()
    if row is not None:
        return _record(row)
    current = get(session, budget_id)
    if expected_version is not None and current.version != expected_version:
        raise StaleVersion(_RESOURCE, budget_id, current.version)
    raise WrongStatus(_RESOURCE, budget_id, current.status, needed)


def _hold_name(session: Connection, name: str) -> None:
    """Until this transaction ends, nobody else numbers or approves a budget of the name."""
    key = f"budget {workspace_of(session)} {name}"
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _note(session: Connection, record: BudgetRecord, action: str, reason: str, *, actor: str, now: datetime) -> None:
    detail = {"name": record.name, "number": record.number, "reason": reason}
    audit.record(session, actor=actor, action=f"budget.{action}", subject=subject_of(record.id), detail=detail, now=now)


def _tell(session: Connection, record: BudgetRecord, what: str, *, actor: str, now: datetime) -> None:
    data = {
        "id": record.id,
        "name": record.name,
        "number": record.number,
        "forecast_id": record.forecast_id,
        "status": record.status,
        "by": actor,
    }
    outbox.add(session, event=f"budget.{what}", subject=subject_of(record.id), data=data, now=now)


def _record(row: Any) -> BudgetRecord:
    return BudgetRecord(**dict(zip(_NAMES, row, strict=True)))
