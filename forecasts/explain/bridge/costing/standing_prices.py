"""Prices for what nobody priced: a plan between two others may use a model where neither of them does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from forecasts.plan import Plan
from forecasts.prices.price import ExchangeRate, Price

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def standing_prices(before: Plan, after: Plan) -> Plan:
    """`after` with the prices of both plans, each meter's first row from ever on and none with an end.

    It is asked only where neither plan knows a price, such as for a model that one of them left before it was retired.
    """
    as_of = max(before.as_of, after.as_of)
    return replace(
        after,
        as_of=as_of,
        prices=_endless((*before.prices, *after.prices), as_of),
        exchange_rates=_endless_rates((*before.exchange_rates, *after.exchange_rates)),
        utc_windows=(*before.utc_windows, *after.utc_windows),
    )


def _endless(prices: Iterable[Price], as_of: date) -> tuple[Price, ...]:
    known_by = datetime.combine(as_of, time(), tzinfo=UTC)
    rows = [replace(row, effective_to=None, recorded_at=min(row.recorded_at, known_by)) for row in prices]
    earliest: dict[tuple[object, ...], datetime] = {}
    for row in rows:
        earliest[_meter(row)] = min(row.effective_from, earliest.get(_meter(row), row.effective_from))
    return tuple(
        replace(row, effective_from=_ALWAYS) if row.effective_from == earliest[_meter(row)] else row for row in rows
    )


def _endless_rates(rates: Iterable[ExchangeRate]) -> tuple[ExchangeRate, ...]:
    told = list(rates)
    earliest: dict[tuple[str, str], datetime] = {}
    for rate in told:
        pair = rate.currency, rate.per
        earliest[pair] = min(rate.starts, earliest.get(pair, rate.starts))
    return tuple(
        replace(rate, starts=_ALWAYS) if rate.starts == earliest[rate.currency, rate.per] else rate for rate in told
    )


def _meter(row: Price) -> tuple[object, ...]:
    return row.provider, row.model, row.meter, row.service_tier, row.prompt_tokens_from, row.utc_window, row.region
