"""The audit log: who did what, kept for ever and only ever appended to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.pages import cut
from service.store.statements import Statement, Write, write_together
from service.store.tables import AuditLog


@dataclass(frozen=True)
class AuditRecord:
    """One deed: `actor` did `action` to `subject` (a resource kind and its id, as in `workload/0192...`)."""

    id: UUID
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    created_at: datetime


_INSERT = Statement(insert(table_of(AuditLog)))
_COLUMNS = [getattr(AuditLog, field.name) for field in fields(AuditRecord)]


def record(
    session: Connection,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Writes the deed into the same transaction as the deed itself."""
    write_together(session, deed(session, actor=actor, action=action, subject=subject, detail=detail, now=now))


def deed(
    session: Connection,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    now: datetime,
) -> Write:
    """What `record` writes, for whoever writes it together with other rows."""
    return _INSERT.with_values(
        {
            "id": new_id(),
            "workspace_id": workspace_of(session),
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": dict(detail or {}),
            "created_at": now,
        }
    )


def page(
    session: Connection, *, after: UUID | None, limit: int, subject: str | None = None
) -> tuple[list[AuditRecord], UUID | None]:
    """The newest deeds first, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(AuditLog.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(AuditLog.id < after)
    if subject is not None:
        statement = statement.where(AuditLog.subject == subject)
    return cut([AuditRecord(*row) for row in session.execute(statement)], limit)
