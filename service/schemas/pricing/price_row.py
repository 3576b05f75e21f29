"""A price row as the reference behind a figure."""

from datetime import datetime
from decimal import Decimal

import msgspec

from forecasts.prices.price import Price


class PriceRowOut(msgspec.Struct, kw_only=True, frozen=True):
    """The price row behind a figure, by what tells it apart; `rate` is per `per_tokens`."""

    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    status: str
    service_tier: str
    utc_window: str | None
    source: str


def price_rows_out(rows: tuple[Price, ...]) -> tuple[PriceRowOut, ...]:
    return tuple(
        PriceRowOut(
            provider=row.provider,
            model=row.model,
            meter=row.meter,
            rate=row.rate,
            currency=row.currency,
            per_tokens=row.per_tokens,
            effective_from=row.effective_from,
            status=row.status,
            service_tier=row.service_tier,
            utc_window=row.utc_window,
            source=row.source,
        )
        for row in rows
    )
