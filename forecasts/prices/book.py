"""The price book: what was known at a time about what a token costs, month by month."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from forecasts.plan import UtcWindow
from forecasts.prices.in_force.conflicts import Conflict, find_conflicts
from forecasts.prices.in_force.exchange import worth_by_month
from forecasts.prices.in_force.periods import FOREVER, Period, priced_periods
from forecasts.prices.in_force.windows import UnknownHours, peak_hours, window_shares
from forecasts.prices.price import ExchangeRate, Price
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.workload import ApiRoute


class NoPrice(LookupError):  # noqa: N818 - a fact about the book.
    """No price is known for a route's meter over some month."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, kw_only=True, eq=False)
class RatePath:
    """Money per unit of a meter by month, shape `[months]`; `covered` is the fraction with a known price."""

    per_token: FloatArray
    covered: FloatArray
    first_known: datetime | None


class PriceBook:
    """Rows known by the end of `as_of` (UTC), answering in the plan's currency."""

    def __init__(
        self,
        prices: Iterable[Price],
        *,
        windows: tuple[UtcWindow, ...],
        exchange_rates: tuple[ExchangeRate, ...],
        currency: str,
        as_of: date,
        timeline: Timeline,
    ) -> None:
        known_until = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=UTC)
        self._rows: defaultdict[tuple[str, str], list[Price]] = defaultdict(list)
        for price in prices:
            if price.recorded_at < known_until:
                self._rows[price.provider, price.model].append(price)
        self._windows = windows
        self._exchange_rates = exchange_rates
        self._currency = currency
        self._as_of = as_of
        self._timeline = timeline
        self._paths: dict[tuple[ApiRoute, str, float, bytes], RatePath] = {}
        self._exchange: dict[str, FloatArray] = {}

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    def has_price(self, route: ApiRoute, meter: str) -> bool:
        """Whether the meter has a price of its own on the route at any time."""
        return any(
            row.meter == meter and row.service_tier == route.service_tier and row.region in (None, route.region)
            for row in self._rows.get((route.provider, route.model), ())
        )

    def rate_path(
        self,
        route: ApiRoute,
        meter: str,
        *,
        prompt_tokens: float,
        hourly_weights: FloatArray,
        used: npt.NDArray[np.bool_] | None = None,
    ) -> RatePath:
        """The time-weighted rate of each month for usage of the given prompt size and hours.

        Raises NoPrice where a month of `used`, shape `[months]`, is not wholly covered; None is all of them.
        """
        key = (route, meter, prompt_tokens, hourly_weights.tobytes())
        if key not in self._paths:
            periods = self.periods(route, meter, prompt_tokens=prompt_tokens)
            self._paths[key] = self.rate_of(periods, hourly_weights)
        path = self._paths[key]
        missing = path.covered < 1.0 - 1e-9
        if used is not None:
            missing &= used
        if missing.any():
            raise NoPrice(self._why_missing(route, meter, path, self._timeline.first.plus(int(np.argmax(missing)))))
        return path

    def periods(self, route: ApiRoute, meter: str, *, prompt_tokens: float) -> list[Period]:
        """When which row applies to the route; a meter without a price of its own is billed as another one."""
        return priced_periods(
            self._rows.get((route.provider, route.model), ()),
            meter,
            service_tier=route.service_tier,
            region=route.region,
            prompt_tokens=prompt_tokens,
        )

    def rate_of(self, periods: list[Period], hourly_weights: FloatArray) -> RatePath:
        """The time-weighted rate of each month over periods that do not overlap; raises NoPrice."""
        rate = np.zeros(self._timeline.months)
        covered = np.zeros(self._timeline.months)
        for period in periods:
            share = self._share(period, hourly_weights)
            if not share.any():
                continue
            rate += share * (float(period.row.rate) / period.row.per_tokens) * self.exchange_path(period.row.currency)
            covered += share
        return RatePath(
            per_token=rate, covered=covered, first_known=min((period.starts for period in periods), default=None)
        )

    def conflicts(self, route: ApiRoute, meters: Iterable[str], *, prompt_tokens: float) -> list[Conflict[Price]]:
        """The contradictions of sources about rows that this horizon's prices of the route are taken from."""
        used = {
            id(period.row)
            for meter in meters
            for period in self.periods(route, meter, prompt_tokens=prompt_tokens)
            if self._timeline.share_of_months(period.starts, None if period.ends == FOREVER else period.ends).any()
        }
        rows = self._rows.get((route.provider, route.model), [])
        return [conflict for conflict in find_conflicts(rows) if id(conflict.used) in used]

    def exchange_path(self, currency: str) -> FloatArray:
        """What one unit of `currency` is worth in the plan's, by month, shape `[months]`; raises NoPrice."""
        if currency not in self._exchange:
            worth, covered = worth_by_month(self._exchange_rates, currency, self._currency, self._timeline)
            if (covered < 1.0 - 1e-9).any():
                month = self._timeline.first.plus(int(np.argmax(covered < 1.0 - 1e-9)))
                raise NoPrice(f"there is no exchange rate from {currency} to {self._currency} for {month}")
            self._exchange[currency] = worth
        return self._exchange[currency]

    def _share(self, period: Period, hourly_weights: FloatArray) -> FloatArray:
        """The share of each month's usage that the period's row prices."""
        in_period = self._timeline.share_of_months(period.starts, period.ends)
        if period.utc_window is None or not in_period.any():
            return in_period
        try:
            window = peak_hours(self._windows, period.row)
        except UnknownHours as unknown:
            raise NoPrice(str(unknown)) from None
        return window_shares(period, window, hourly_weights, self._timeline)

    def _why_missing(self, route: ApiRoute, meter: str, path: RatePath, month: Month) -> str:
        first = path.first_known
        if first is None:
            tiers = sorted({row.service_tier for row in self._rows.get((route.provider, route.model), ())})
            if not tiers:
                return f"no price of {route} was known on {self._as_of}"
            return (
                f"no {route.service_tier} price of {route.provider}/{route.model} for {meter} is known; tiers: {tiers}"
            )
        if month < Month.of(first.date()):
            return f"{month} is before any known price of {route} for {meter}: the first is from {first:%Y-%m-%d}"
        return f"no price of {route} for {meter} is known for all of {month}"
