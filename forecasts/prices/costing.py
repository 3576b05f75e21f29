"""What usage of the past cost: exactly, by the real calendar, with the row that each part was priced by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from forecasts.plan import UtcWindow
from forecasts.prices.book import NoPrice
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.contracts.rates import Terms, clipped, in_terms
from forecasts.prices.in_force.conflicts import unit_rate
from forecasts.prices.in_force.exchange import dated_worths
from forecasts.prices.in_force.periods import Period, priced_periods
from forecasts.prices.in_force.week_clock import WeekClock
from forecasts.prices.in_force.windows import UnknownHours, peak_hours
from forecasts.prices.price import ExchangeRate, Price
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class PastUsage:
    """Units by meter over `[starts, ends)`, spread over its hours by weekly weights (None is evenly).

    `service_tiers` and `prompt_tokens` say which part of every meter's units was in which tier, and came with prompts
    of which size; the parts of each add to 1.
    """

    provider: str
    model: str
    region: str | None = None
    starts: datetime
    ends: datetime
    units: Mapping[str, Decimal]
    service_tiers: Mapping[str, Decimal] | None = None
    prompt_tokens: Sequence[tuple[int, Decimal]] = ((0, Decimal(1)),)
    hourly_weights: Sequence[object] | None = None


@dataclass(frozen=True, kw_only=True)
class CostedPart:
    """Units that one row priced, and their cost in the currency asked for, both exact."""

    meter: str
    service_tier: str
    prompt_tokens: int
    row: Price
    units: Fraction
    cost: Fraction


@dataclass(frozen=True, kw_only=True)
class UsageCost:
    usage: PastUsage
    currency: str
    parts: tuple[CostedPart, ...]

    @property
    def exact(self) -> Fraction:
        return sum((part.cost for part in self.parts), Fraction(0))

    def amount(self, digits: int) -> Decimal:
        """Rounded once, halves away from zero."""
        return rounded(self.exact, digits)


class PastPrices:
    """Rows, hours and exchange rates by which the past is priced. `known_at` leaves out what was recorded later."""

    def __init__(
        self,
        prices: Iterable[Price],
        *,
        windows: tuple[UtcWindow, ...] = (),
        exchange_rates: tuple[ExchangeRate, ...] = (),
        contracts: tuple[Contract, ...] = (),
        currency: str = "USD",
        known_at: datetime | None = None,
    ) -> None:
        self._rows: dict[tuple[str, str], list[Price]] = {}
        for price in prices:
            if known_at is None or price.recorded_at <= known_at:
                self._rows.setdefault((price.provider, price.model), []).append(price)
        self._windows = windows
        self._exchange_rates = exchange_rates
        self._contracts = contracts
        self._currency = currency

    def cost(self, usage: PastUsage) -> UsageCost:
        """Raises NoPrice where a part of the usage has no price, no hours or no exchange rate."""
        clock = WeekClock.of(usage.hourly_weights)
        if clock.between(usage.starts, usage.ends) == 0:
            clock = WeekClock.of(None)
        tiers = usage.service_tiers or {"standard": Decimal(1)}
        parts = tuple(
            part
            for meter, units in usage.units.items()
            for tier, tier_share in tiers.items()
            for prompt_tokens, band_share in usage.prompt_tokens
            if (used := Fraction(units) * Fraction(tier_share) * Fraction(band_share))
            for part in self._parts(usage, clock, meter, tier, prompt_tokens, used)
        )
        return UsageCost(usage=usage, currency=self._currency, parts=parts)

    def _parts(
        self, usage: PastUsage, clock: WeekClock, meter: str, tier: str, prompt_tokens: int, units: Fraction
    ) -> Iterator[CostedPart]:
        route = ApiRoute(provider=usage.provider, model=usage.model, service_tier=tier, region=usage.region)
        whole = clock.between(usage.starts, usage.ends)
        covered = Fraction(0)
        contracts = [contract for contract in self._contracts if contract.covers(route)]
        for terms in in_terms(self._periods(route, meter, prompt_tokens), contracts):
            for period, rate in contracted(terms, meter):
                share = self._weight(period, clock, usage) / whole
                if share == 0:
                    continue
                covered += share
                yield CostedPart(
                    meter=meter,
                    service_tier=tier,
                    prompt_tokens=prompt_tokens,
                    row=period.row,
                    units=units * share,
                    cost=units * rate * self._worth(period, clock, usage) / whole,
                )
        if covered != 1:
            when = f"{usage.starts:%Y-%m-%dT%H:%MZ} to {usage.ends:%Y-%m-%dT%H:%MZ}"
            raise NoPrice(f"no price of {route} for {meter} is known for all of {when}")

    def _periods(self, route: ApiRoute, meter: str, prompt_tokens: int) -> list[Period]:
        return priced_periods(
            self._rows.get((route.provider, route.model), ()),
            meter,
            service_tier=route.service_tier,
            region=route.region,
            prompt_tokens=prompt_tokens,
        )

    def _weight(self, period: Period, clock: WeekClock, usage: PastUsage) -> Fraction:
        """The weight of the usage's hours that the period and its window price."""
        starts, ends = max(period.starts, usage.starts), min(period.ends, usage.ends)
        if ends <= starts or period.utc_window is None:
            return clock.between(starts, ends)
        try:
            window = peak_hours(self._windows, period.row)
        except UnknownHours as unknown:
            raise NoPrice(str(unknown)) from None
        peak = clock.in_window(window, starts, ends)
        return peak if period.utc_window == "peak" else clock.between(starts, ends) - peak

    def _worth(self, period: Period, clock: WeekClock, usage: PastUsage) -> Fraction:
        """The same weight with each hour worth what the row's currency was worth in it."""
        currency = period.row.currency
        if currency == self._currency:
            return self._weight(period, clock, usage)
        starts, ends = max(period.starts, usage.starts), min(period.ends, usage.ends)
        pieces = dated_worths(self._exchange_rates, currency, self._currency)
        if not pieces or pieces[0].starts > starts:
            raise NoPrice(f"there is no exchange rate from {currency} to {self._currency} on {starts:%Y-%m-%d}")
        return sum(
            (
                piece.worth
                * self._weight(
                    replace(period, starts=max(starts, piece.starts), ends=min(ends, piece.ends)), clock, usage
                )
                for piece in pieces
                if piece.starts < ends and piece.ends > starts
            ),
            Fraction(0),
        )


def contracted(terms: Terms, meter: str) -> Iterator[tuple[Period, Fraction]]:
    """Periods with the exact rate per unit that a contract leaves of theirs."""
    if terms.lock is None:
        for period in terms.periods:
            yield period, _net(period, terms.contract, meter)
        return
    locked = terms.locked
    if terms.lock.price_lock == "fixed":
        for period in locked:
            yield period, _net(period, terms.lock, meter)
        return
    for period in terms.periods:
        caps = [cap for cap in locked if cap.utc_window in (None, period.utc_window)]
        for cap in caps:
            for part in clipped([period], cap.starts, cap.ends):
                yield part, min(_net(period, terms.lock, meter), _net(cap, terms.lock, meter))


def rounded(amount: Fraction, digits: int) -> Decimal:
    """The amount with so many decimals, halves away from zero."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _net(period: Period, contract: Contract | None, meter: str) -> Fraction:
    rate = unit_rate(period.row)
    if contract is None or period.row.status == "negotiated":
        return rate
    return rate * (1 - Fraction(contract.discount_on(meter)))
