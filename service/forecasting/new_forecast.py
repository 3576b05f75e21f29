"""A prepared forecast into the store, and its first state without asking for it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from service.forecasting.snapshot import PreparedForecast
from service.schemas.forecast.forecast import ForecastState, Horizon
from service.store import forecasts


def add_forecast(
    session: Connection,
    prepared: PreparedForecast,
    *,
    requested_by: str,
    previous_forecast_id: UUID | None = None,
    now: datetime,
) -> ForecastState:
    """Stores the forecast as queued; send it to the queue once the transaction has committed."""
    first, months = prepared.horizon_first_month, prepared.horizon_months
    forecast_id = forecasts.add_queued(
        session,
        snapshot=prepared.snapshot,
        inputs_sha256=prepared.inputs_sha256,
        as_of=prepared.as_of,
        seed=prepared.seed,
        draws=prepared.draws,
        model_version=prepared.model_version,
        currency=prepared.currency,
        requested_by=requested_by,
        horizon_first_month=first,
        horizon_months=months,
        previous_forecast_id=previous_forecast_id,
        now=now,
    )
    return ForecastState(
        id=forecast_id,
        status="queued",
        progress_fraction=0.0,
        as_of=prepared.as_of,
        seed=prepared.seed,
        draws=prepared.draws,
        model_version=prepared.model_version,
        inputs_sha256=prepared.inputs_sha256,
        currency=prepared.currency,
        horizon=None if first is None or months is None else Horizon(first_month=f"{first:%Y-%m}", months=months),
        problem=None,
        previous_forecast_id=previous_forecast_id,
        queued_at=now,
        started_at=None,
        finished_at=None,
        cancel_requested_at=None,
    )
