"""Notices between processes that a forecast moved on, carried by Postgres with the transaction that moved it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select

FORECAST_CHANNEL = "tokencast_forecast"


def notice_of(forecast_id: ColumnElement[UUID]) -> ColumnElement[None]:
    """The expression that announces the row's forecast; inside a statement it costs no round trip of its own."""
    return func.pg_notify(FORECAST_CHANNEL, cast(forecast_id, Text))


def notify(session: Connection, forecast_id: UUID) -> None:
    """Announces the forecast when this transaction commits."""
    session.execute(select(func.pg_notify(FORECAST_CHANNEL, str(forecast_id))))
