"""Thresholds by the name of a budget, and the alerts that crossing them raised."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.store import audit, outbox
from service.store.budgets.versions import BudgetRecord, subject_of
from service.store.database import workspace_of
from service.store.errors import NotFound
from service.store.ids import new_id
from service.store.tables import BudgetAlerts, BudgetThresholds


@dataclass(frozen=True, kw_only=True)
class NewThreshold:
    """`measure` is `actual` or `forecast`, `period` is `total` or `month`; the limit is one of the last two."""

    measure: str
    period: str
    fraction: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ThresholdRecord(NewThreshold):
    id: UUID
    budget_name: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A figure at or above its limit; `month` None is the whole budget."""

    threshold_id: UUID
    month: date | None
    limit_amount: Decimal
    value: Decimal
    forecast_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertRecord(Crossing):
    id: UUID
    budget_id: UUID
    crossed_at: datetime
    cleared_at: datetime | None


_DECLARED = [field.name for field in fields(NewThreshold)]
_NAMES = [field.name for field in fields(ThresholdRecord)]
_COLUMNS = [getattr(BudgetThresholds, name) for name in _NAMES]
_ALERT_NAMES = [field.name for field in fields(AlertRecord)]
_ALERT_COLUMNS = [getattr(BudgetAlerts, name) for name in _ALERT_NAMES]


def add(
    session: Connection, budget: BudgetRecord, row: NewThreshold, *, actor: str, now: datetime
) -> tuple[ThresholdRecord, bool]:
    """The stored threshold of the budget's name, and whether it is new."""
    values = {name: getattr(row, name) for name in _DECLARED}
    statement = (
        insert(BudgetThresholds)
        .values(
            **values,
            id=new_id(),
            workspace_id=workspace_of(session),
            budget_name=budget.name,
            created_by=actor,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    added = session.execute(statement.returning(*_COLUMNS)).one_or_none()
    if added is not None:
        record = _record(added)
        _note(session, budget, "add_threshold", record, actor, now)
        return record, True
    same = and_(*(getattr(BudgetThresholds, name).is_not_distinct_from(value) for name, value in values.items()))
    return _record(session.execute(_standing(budget.name).where(same)).one()), False


def remove(session: Connection, budget: BudgetRecord, threshold_id: UUID, *, actor: str, now: datetime) -> None:
    """Raises NotFound. Its alerts stay."""
    statement = (
        update(BudgetThresholds)
        .where(
            BudgetThresholds.id == threshold_id,
            BudgetThresholds.budget_name == budget.name,
            BudgetThresholds.removed_at.is_(None),
        )
        .values(removed_at=now)
    )
    row = session.execute(statement.returning(*_COLUMNS)).one_or_none()
    if row is None:
        raise NotFound("threshold", threshold_id)
    _note(session, budget, "remove_threshold", _record(row), actor, now)


def of_name(session: Connection, budget_name: str) -> list[ThresholdRecord]:
    """Those that stand, in the order they were made."""
    return [_record(row) for row in session.execute(_standing(budget_name).order_by(BudgetThresholds.id))]


def raise_alerts(
    session: Connection,
    budget: BudgetRecord,
    thresholds: Iterable[ThresholdRecord],
    crossed: Iterable[Crossing],
    *,
    now: datetime,
) -> list[AlertRecord]:
    """Opens an alert with its event for each crossing that has none, closes those that hold no more; the new ones.

    An open alert is unique in the table, so two who look at once raise one.
    """
    by_id = {threshold.id: threshold for threshold in thresholds}
    found = {(crossing.threshold_id, crossing.month): crossing for crossing in crossed}
    standing = session.execute(
        select(BudgetAlerts.id, BudgetAlerts.threshold_id, BudgetAlerts.month).where(
            BudgetAlerts.budget_id == budget.id, BudgetAlerts.cleared_at.is_(None)
        )
    ).all()
    over = [row.id for row in standing if (row.threshold_id, row.month) not in found]
    if over:
        session.execute(update(BudgetAlerts).where(BudgetAlerts.id.in_(over)).values(cleared_at=now))
    raised = []
    for crossing in found.values():
        values = {field.name: getattr(crossing, field.name) for field in fields(Crossing)}
        statement = (
            insert(BudgetAlerts)
            .values(**values, id=new_id(), workspace_id=workspace_of(session), budget_id=budget.id, crossed_at=now)
            .on_conflict_do_nothing()
        )
        row = session.execute(statement.returning(*_ALERT_COLUMNS)).one_or_none()
        if row is not None:
            alert = _alert(row)
            _tell(session, budget, by_id[alert.threshold_id], alert, now)
            raised.append(alert)
    return raised


def alerts(session: Connection, budget_id: UUID) -> list[AlertRecord]:
    """The newest first, cleared ones too."""
    statement = select(*_ALERT_COLUMNS).where(BudgetAlerts.budget_id == budget_id).order_by(BudgetAlerts.id.desc())
    return [_alert(row) for row in session.execute(statement)]


def _standing(budget_name: str) -> Any:
    return select(*_COLUMNS).where(BudgetThresholds.budget_name == budget_name, BudgetThresholds.removed_at.is_(None))


def _tell(
    session: Connection, budget: BudgetRecord, threshold: ThresholdRecord, alert: AlertRecord, now: datetime
) -> None:
    data = {
        "alert_id": alert.id,
        "budget_id": budget.id,
        "name": budget.name,
        "number": budget.number,
        "threshold_id": threshold.id,
        "measure": threshold.measure,
        "period": threshold.period,
        "month": None if alert.month is None else f"{alert.month:%Y-%m}",
        "limit": alert.limit_amount,
        "value": alert.value,
        "currency": budget.currency,
        "forecast_id": alert.forecast_id,
    }
    outbox.add(session, event="budget.threshold_crossed", subject=subject_of(budget.id), data=data, now=now)


def _note(
    session: Connection, budget: BudgetRecord, action: str, record: ThresholdRecord, actor: str, now: datetime
) -> None:
    detail = {"threshold_id": record.id, **{name: getattr(record, name) for name in _DECLARED}}
    audit.record(session, actor=actor, action=f"budget.{action}", subject=subject_of(budget.id), detail=detail, now=now)


def _record(row: Any) -> ThresholdRecord:
    return ThresholdRecord(**dict(zip(_NAMES, row, strict=True)))


def _alert(row: Any) -> AlertRecord:
    return AlertRecord(**dict(zip(_ALERT_NAMES, row, strict=True)))
