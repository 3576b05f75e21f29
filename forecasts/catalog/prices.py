"""The packaged price history: dated first-party list prices per meter and condition."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache

from forecasts.catalog.tables import instant, optional_instant, read_table
from forecasts.prices.price import Price


@dataclass(frozen=True, kw_only=True)
class CatalogPrice(Price):
    """A price with what its source says about it.

    `end_recorded_at` is when the end became known: before it, the price was open-ended.
    """

    end_recorded_at: datetime | None = None
    note: str = ""


@cache
def load_price_rows() -> tuple[CatalogPrice, ...]:
    """All rows, sorted by provider, model, tier, meter and start. An end of None lasts until a row of the same
    provider, model, meter and conditions supersedes it.
    """
    return tuple(
        CatalogPrice(
            provider=row["provider"],
            model=row["model"],
            meter=row["meter"],
            rate=Decimal(row["rate"]),
            currency=row["currency"],
            per_tokens=int(row["per_tokens"]),
            effective_from=instant(row["effective_from"]),
            effective_to=optional_instant(row["effective_to"]),
            recorded_at=instant(row["recorded_at"]),
            end_recorded_at=optional_instant(row["end_recorded_at"]),
            status=row["status"],
            utc_window=row["utc_window"] or None,
            service_tier=row["service_tier"],
            prompt_tokens_from=int(row["prompt_tokens_from"]),
            region=row["region"] or None,
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in read_table("prices.csv")
    )


def price_rows_known_at(known_at: datetime) -> tuple[CatalogPrice, ...]:
    """The rows as they stood at an aware instant: later rows are absent, and so are ends announced later."""
    return tuple(
        replace(row, effective_to=None, end_recorded_at=None)
        if row.end_recorded_at is not None and row.end_recorded_at > known_at
        else row
        for row in load_price_rows()
        if row.recorded_at <= known_at
    )
