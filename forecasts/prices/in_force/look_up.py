"""Single prices by two clocks: what was in force at an instant, as it was known at another."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from forecasts.prices.in_force.periods import Period, priced_periods
from forecasts.prices.price import Price

# A model, its meter and the conditions of a usage.
_Key = tuple[str, str, str, str, str | None, int]


class PriceLookUp:
    """Rows arranged so that each state of knowledge about a price is worked out once, however often it is asked."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self._rows: dict[tuple[str, str], list[Price]] = {}
        for price in sorted(prices, key=lambda price: price.recorded_at):
            self._rows.setdefault((price.provider, price.model), []).append(price)
        self._recorded = {model: [row.recorded_at for row in rows] for model, rows in self._rows.items()}
        self._periods: dict[tuple[_Key, int], list[Period]] = {}

    def at(
        self,
        provider: str,
        model: str,
        meter: str,
        moment: datetime,
        *,
        known_at: datetime,
        service_tier: str = "standard",
        region: str | None = None,
        prompt_tokens: int = 0,
    ) -> tuple[Price, ...]:
        """The row that applies at `moment` by what was recorded until `known_at`: one for all hours, or one a window.

        Empty where there is no price.
        """
        rows = self._rows.get((provider, model))
        if rows is None:
            return ()
        count = bisect_right(self._recorded[provider, model], known_at)
        key = (provider, model, meter, service_tier, region, prompt_tokens), count
        periods = self._periods.get(key)
        if periods is None:
            periods = self._periods[key] = priced_periods(
                rows[:count], meter, service_tier=service_tier, region=region, prompt_tokens=prompt_tokens
            )
        return tuple(period.row for period in periods if period.starts <= moment < period.ends)
