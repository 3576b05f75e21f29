"""The packaged prices of a plan's models, for whoever has no price book at hand."""

from datetime import UTC, date, datetime, time, timedelta

from forecasts.catalog.prices import CatalogPrice, price_rows_known_at
from service.forecasting.snapshot import models_used
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn


def packaged_prices(plan: PlanIn, as_of: date) -> list[PriceIn]:
    """The catalogue's rows of the models that a plan uses, as known at the end of a day."""
    end = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=UTC) - timedelta(microseconds=1)
    used = models_used(plan)
    return [_price_in(row) for row in price_rows_known_at(end) if (row.provider, row.model) in used]


def _price_in(row: CatalogPrice) -> PriceIn:
    return PriceIn(
        provider=row.provider,
        model=row.model,
        meter=row.meter,  # type: ignore[arg-type]  # the catalogue holds the same names
        rate=row.rate,
        currency=row.currency,
        per_tokens=row.per_tokens,
        effective_from=row.effective_from.isoformat(),
        effective_to=None if row.effective_to is None else row.effective_to.isoformat(),
        recorded_at=row.recorded_at.isoformat(),
        status=row.status,  # type: ignore[arg-type]
        utc_window=row.utc_window,  # type: ignore[arg-type]
        service_tier=row.service_tier,  # type: ignore[arg-type]
        prompt_tokens_from=row.prompt_tokens_from,
        region=row.region,
        source=row.source,
        date_basis=row.date_basis,
        confidence=row.confidence,
    )
