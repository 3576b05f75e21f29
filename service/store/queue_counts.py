"""Counts of forecasts over all workspaces, for the operator's figures."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from service.store.tables import Forecasts


def unfinished_counts(system_session: Connection) -> dict[str, int]:
    """How many forecasts are queued and running. Finished ones are history and would cost a walk through it."""
    statement = (
        select(Forecasts.status, func.count())
        .where(Forecasts.status.in_(("queued", "running")))
        .group_by(Forecasts.status)
    )
    return dict(iter(system_session.execute(statement)))


def oldest_queued_at(system_session: Connection) -> datetime | None:
    statement = select(func.min(Forecasts.queued_at)).where(Forecasts.status == "queued")
    return system_session.execute(statement).scalar_one()
