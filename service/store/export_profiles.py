"""Export profiles: named, versioned, and found by their name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from service.store.errors import NotFound
from service.store.named_rows import NamedRows
from service.store.tables import ExportProfiles

_RESOURCE = "export profile"


@dataclass(frozen=True, kw_only=True)
class NewExportProfile:
    """What a caller decides about a profile."""

    name: str
    document: dict[str, Any]


@dataclass(frozen=True)
class ExportProfileRecord:
    """A stored profile; `version` rises with every replacement."""

    id: UUID
    name: str
    document: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


_rows = NamedRows(_RESOURCE, ExportProfiles, ExportProfileRecord)


def add(session: Connection, profile: NewExportProfile, *, now: datetime) -> ExportProfileRecord:
    """Raises NameTaken."""
    return _rows.add(session, profile, plan_id=None, now=now)


def get_by_name(session: Connection, name: str) -> ExportProfileRecord:
    """Raises NotFound."""
    # Text that Postgres cannot hold is the name of nothing.
    askable = "\x00" not in name and name.isascii()
    found = _rows.find_by_names(session, [name]).get(name) if askable else None
    if found is None:
        raise NotFound(_RESOURCE, name[:80])
    return found


def page(session: Connection, *, after: UUID | None, limit: int) -> tuple[list[ExportProfileRecord], UUID | None]:
    """Profiles in the order they were made, and the cursor behind the page unless it is the last."""
    return _rows.page(session, after=after, limit=limit, name=None)


def replace(
    session: Connection, profile_id: UUID, profile: NewExportProfile, *, expected_version: int, now: datetime
) -> ExportProfileRecord:
    """Raises NotFound, StaleVersion, NameTaken."""
    return _rows.replace(session, profile_id, profile, expected_version=expected_version, now=now)


def remove(session: Connection, profile_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion."""
    _rows.remove(session, profile_id, expected_version=expected_version)
