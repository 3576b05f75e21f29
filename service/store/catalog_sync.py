"""The packaged price catalogue into Postgres, where every workspace reads it beside its own prices."""

from datetime import datetime

from forecasts.catalog.prices import load_price_rows
from service.store.database import Database
from service.store.prices import NewPrice, PricesAdded, sync_catalog


def sync_packaged_catalog(database: Database, now: datetime) -> PricesAdded:
    """Adds what the installed package knows and the database does not; safe to run at every start."""
    rows = [
        NewPrice(
            provider=row.provider,
            model=row.model,
            meter=row.meter,
            rate=row.rate,
            currency=row.currency,
            per_tokens=row.per_tokens,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            recorded_at=row.recorded_at,
            end_recorded_at=row.end_recorded_at,
            status=row.status,
            utc_window=row.utc_window,
            service_tier=row.service_tier,
            prompt_tokens_from=row.prompt_tokens_from,
            region=row.region,
            source=row.source,
            date_basis=row.date_basis,
            confidence=row.confidence,
            note=row.note,
        )
        for row in load_price_rows()
    ]
    with database.system() as session:
        return sync_catalog(session, rows, now=now)
