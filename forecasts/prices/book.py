"""The price book: what was known at a time about what a token costs, month by month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from forecasts.plan import UtcWindow
from forecasts.prices.price import ExchangeRate, Price
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.workload import ApiRoute

# A provider without a price of its own for a meter bills those tokens as plain input.
_BILLED_AS = {"cached_input": "input", "cache_write": "input"}
_FOREVER = datetime.max.replace(tzinfo=UTC)


class NoPrice(LookupError):  # noqa: N818 - a fact about the book.
    """No price is known for a route's meter over some month."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, kw_only=True, eq=False)
class RatePath:
    """Money per token by month, shape `[months]`; `covered` is the fraction of each month with a known price."""

    per_token: FloatArray
    covered: FloatArray
    first_known: datetime | None


@dataclass(frozen=True, kw_only=True)
class _InForce:
    """A row, and a period over which it and no other of its conditions applies."""

    row: Price
    starts: datetime
    ends: datetime


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
        self._paths: dict[tuple[str, str, str, str, float, bytes], RatePath] = {}
        self._exchange: dict[str, FloatArray] = {}

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
        key = (route.provider, route.model, route.service_tier, meter, prompt_tokens, hourly_weights.tobytes())
        if key not in self._paths:
            self._paths[key] = self._rate_path(route, meter, prompt_tokens, hourly_weights)
        path = self._paths[key]
        missing = path.covered < 1.0 - 1e-9
        if used is not None:
            missing &= used
        if missing.any():
            raise NoPrice(self._why_missing(route, meter, path, self._timeline.first.plus(int(np.argmax(missing)))))
        return path

    def _rate_path(self, route: ApiRoute, meter: str, prompt_tokens: float, hourly_weights: FloatArray) -> RatePath:
        rows = self._in_force(route, meter, prompt_tokens)
        if not rows and meter in _BILLED_AS:
            rows = self._in_force(route, _BILLED_AS[meter], prompt_tokens)
        rate = np.zeros(self._timeline.months)
        covered = np.zeros(self._timeline.months)
        for period in rows:
            share = self._timeline.share_of_months(period.starts, period.ends)
            if not share.any():
                continue
            row = period.row
            share *= self._window_share(row, hourly_weights)
            rate += share * (float(row.rate) / row.per_tokens) * self.exchange_path(row.currency)
            covered += share
        return RatePath(
            per_token=rate, covered=covered, first_known=min((period.starts for period in rows), default=None)
        )

    def _in_force(self, route: ApiRoute, meter: str, prompt_tokens: float) -> list[_InForce]:
        """The periods of all rows of the route's conditions: the largest band that prompts reach, while it lasts."""
        candidates = [
            row
            for row in self._rows.get((route.provider, route.model), ())
            if row.meter == meter
            and row.service_tier == route.service_tier
            and row.region is None
            and row.prompt_tokens_from <= prompt_tokens
        ]
        in_force: list[_InForce] = []
        for band in sorted({row.prompt_tokens_from for row in candidates}, reverse=True):
            larger = tuple(in_force)
            for period in _succession(row for row in candidates if row.prompt_tokens_from == band):
                in_force.extend(_outside(period, larger))
        return in_force

    def _window_share(self, row: Price, hourly_weights: FloatArray) -> float:
        """The share of a week's usage that falls into the row's window."""
        if row.utc_window is None:
            return 1.0
        masks = [
            window
            for window in self._windows
            if window.provider == row.provider
            and window.model in ("*", row.model)
            and window.starts <= row.effective_from.date()
        ]
        if not masks:
            raise NoPrice(f"{row.provider}/{row.model} has {row.utc_window} prices, but its peak hours are not known")
        # The newest definition applies, and one for the model itself before one for the whole provider.
        window = max(masks, key=lambda window: (window.model != "*", window.starts))
        peak = float(hourly_weights[window.hours].sum() / hourly_weights.sum())
        return peak if row.utc_window == "peak" else 1.0 - peak

    def exchange_path(self, currency: str) -> FloatArray:
        """What one unit of `currency` is worth in the plan's, by month, shape `[months]`; raises NoPrice."""
        if currency not in self._exchange:
            self._exchange[currency] = self._exchange_path(currency)
        return self._exchange[currency]

    def _exchange_path(self, currency: str) -> FloatArray:
        if currency == self._currency:
            return np.ones(self._timeline.months)
        dated: list[tuple[datetime, float]] = []
        for rate in self._exchange_rates:
            if (rate.currency, rate.per) == (currency, self._currency):
                dated.append((rate.starts, 1.0 / float(rate.rate)))
            elif (rate.currency, rate.per) == (self._currency, currency):
                dated.append((rate.starts, float(rate.rate)))
        dated.sort()
        worth = np.zeros(self._timeline.months)
        covered = np.zeros(self._timeline.months)
        for index, (starts, value) in enumerate(dated):
            ends = dated[index + 1][0] if index + 1 < len(dated) else None
            share = self._timeline.share_of_months(starts, ends)
            worth += share * value
            covered += share
        if (covered < 1.0 - 1e-9).any():
            month = self._timeline.first.plus(int(np.argmax(covered < 1.0 - 1e-9)))
            raise NoPrice(f"there is no exchange rate from {currency} to {self._currency} for {month}")
        return worth

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


def _succession(rows: Iterable[Price]) -> Iterator[_InForce]:
    """The periods of one band's rows.

    A row ends where the next one of its window starts; an all-hours row and the rows of windows end each other.
    """
    latest: dict[tuple[str | None, datetime], Price] = {}
    for row in sorted(rows, key=lambda row: row.recorded_at):
        latest[row.utc_window, row.effective_from] = row
    ordered = sorted((row for row in latest.values() if row.status != "cancelled"), key=lambda row: row.effective_from)
    for index, row in enumerate(ordered):
        ends = row.effective_to or _FOREVER
        for later in ordered[index + 1 :]:
            supersedes = row.utc_window is None or later.utc_window in (None, row.utc_window)
            if supersedes and later.effective_from > row.effective_from:
                ends = min(ends, later.effective_from)
                break
        yield _InForce(row=row, starts=row.effective_from, ends=ends)


def _outside(period: _InForce, others: tuple[_InForce, ...]) -> Iterator[_InForce]:
    """The parts of a period during which none of the others applies."""
    starts = period.starts
    for other in sorted(others, key=lambda other: other.starts):
        if starts < other.starts:
            yield replace(period, starts=starts, ends=min(period.ends, other.starts))
        starts = max(starts, other.ends)
        if starts >= period.ends:
            return
    yield replace(period, starts=starts)
