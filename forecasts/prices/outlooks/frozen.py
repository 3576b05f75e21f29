"""The price book as it would be if nothing that is already dated ever happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from forecasts.prices.price import Price


def frozen_prices(prices: Iterable[Price], as_of: date) -> tuple[Price, ...]:
    """Rows that have started by the end of `as_of` (UTC), without ends that lie after it.

    A meter that has no price yet keeps its future rows: nothing of today could stand in for them.
    """
    rows = tuple(prices)
    ends_of_day = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=UTC)
    known = [row for row in rows if row.recorded_at < ends_of_day]
    priced = {_meter(row) for row in known if row.effective_from < ends_of_day}
    kept = []
    for row in known:
        if row.effective_from < ends_of_day:
            still_on = row.effective_to is not None and row.effective_to >= ends_of_day
            kept.append(replace(row, effective_to=None) if still_on else row)
        elif _meter(row) not in priced:
            kept.append(row)
    return tuple(kept)


def _meter(row: Price) -> tuple[str, str, str, str, str | None]:
    return row.provider, row.model, row.service_tier, row.meter, row.region
