"""Workspaces: whose data it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from service.store.ids import new_id
from service.store.tables import Workspaces


def ensure_workspace(system_session: Connection, name: str, *, now: datetime) -> UUID:
    """The workspace of this name, made if it is missing; two processes that ask at once get the same one."""
    statement = insert(Workspaces).values(id=new_id(), name=name, created_at=now).on_conflict_do_nothing()
    system_session.execute(statement)
    return system_session.execute(select(Workspaces.id).where(Workspaces.name == name)).scalar_one()
