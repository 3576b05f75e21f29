"""What usage of the past cost, on the wire: a month or any period of one model, priced exactly."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.catalog.windows import load_utc_windows
from forecasts.errors import Findings
from forecasts.money import minor_digits
from forecasts.prices.costing import CostedPart, PastPrices, PastUsage, UsageCost, rounded
from forecasts.prices.price import Price
from forecasts.timeline import Month
from service.schemas import meaning
from service.schemas.plan.terms import ExchangeRateIn
from service.schemas.pricing.contract import ContractIn
from service.schemas.pricing.price import Meter
from service.schemas.pricing.resource import known_by
from service.schemas.pricing.utc_window import UtcWindowIn
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Wire
from service.schemas.workload.hourly_profile import HourlyProfileIn, hourly_weights
from service.schemas.workload.workload import ServiceTier

MAX_UNITS = Decimal("1e17")
# A cost that is no money yet is shown with this many decimals; only the amount is rounded to coins.
DECIMALS_SHOWN = 12
LONGEST_PERIOD_DAYS = 366


class PromptBandIn(Wire, kw_only=True, frozen=True):
    """The part of the usage that came with prompts of about so many tokens."""

    prompt_tokens: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    share: Amount


class CostIn(Wire, kw_only=True, frozen=True):
    """Units by meter of one model over a `month`, or over `[starts, ends)`, as the book was known by `as_of`."""

    model: Name
    region: Label | None = None
    month: str | None = None
    starts: str | None = None
    ends: str | None = None
    units: Annotated[dict[Meter, Amount], msgspec.Meta(min_length=1)]
    service_tiers: dict[ServiceTier, Amount] | None = None
    prompt_bands: Annotated[list[PromptBandIn], msgspec.Meta(max_length=100)] = []
    hourly_profile: HourlyProfileIn = "flat"
    as_of: str | None = None
    currency: CurrencyCode = "USD"
    exchange_rates: Annotated[list[ExchangeRateIn], msgspec.Meta(max_length=2000)] = []
    utc_windows: Annotated[list[UtcWindowIn], msgspec.Meta(max_length=500)] = []
    contracts: Annotated[list[ContractIn], msgspec.Meta(max_length=500)] = []

    def to_usage(self, *, now: datetime) -> tuple[PastUsage, datetime]:
        """The usage, and the moment whose knowledge prices it; raises InvalidInput."""
        findings = Findings()
        route = meaning.api_route(findings, "/model", self.model)
        starts, ends = self._period(findings)
        known = now if self.as_of is None else known_by(findings, "/as_of", self.as_of)
        weights = hourly_weights(findings, "/hourly_profile", self.hourly_profile)
        tiers: dict[str, Decimal] | None = None
        if self.service_tiers is not None:
            tiers = {str(tier): share for tier, share in self.service_tiers.items()}
        usage = PastUsage(
            provider=route.provider,
            model=route.model,
            region=self.region,
            starts=starts,
            ends=ends,
            units={meter: _units(findings, f"/units/{meter}", count) for meter, count in self.units.items()},
            service_tiers=tiers,
            prompt_tokens=tuple((band.prompt_tokens, band.share) for band in self.prompt_bands) or ((0, Decimal(1)),),
            hourly_weights=None if self.hourly_profile == "flat" else weights.tolist(),
        )
        _check_shares(findings, "/service_tiers", tiers)
        bands = {f"{index}/share": band.share for index, band in enumerate(self.prompt_bands)}
        _check_shares(findings, "/prompt_bands", bands or None)
        findings.end()
        return usage, known

    def to_prices(self, rows: Iterable[Price], *, starts: datetime) -> PastPrices:
        """The rows with this request's own hours, exchange rates and contracts; raises InvalidInput.

        A contract without a first day of its own is in force from `starts`, the first instant of the usage.
        """
        findings = Findings()
        windows = tuple(
            window.to_utc_window(findings, f"/utc_windows/{index}") for index, window in enumerate(self.utc_windows)
        )
        prices = PastPrices(
            rows,
            windows=(*windows, *load_utc_windows()),
            exchange_rates=tuple(
                rate.to_exchange_rate(findings, f"/exchange_rates/{index}")
                for index, rate in enumerate(self.exchange_rates)
            ),
            contracts=tuple(
                contract.to_contract(findings, f"/contracts/{index}", as_of=starts.date(), plan_currency=self.currency)
                for index, contract in enumerate(self.contracts)
            ),
            currency=self.currency,
        )
        findings.end()
        return prices

    def _period(self, findings: Findings) -> tuple[datetime, datetime]:
        if self.month is not None:
            for name in ("starts", "ends"):
                if getattr(self, name) is not None:
                    findings.add(f"/{name}", "cannot stand beside month: give one of both")
            month = meaning.month(findings, "/month", self.month)
            return month.starts, month.plus(1).starts
        if self.starts is None or self.ends is None:
            findings.add("/month", "is needed, or starts and ends")
            return Month(2000, 1).starts, Month(2000, 2).starts
        starts = meaning.instant(findings, "/starts", self.starts)
        ends = meaning.instant(findings, "/ends", self.ends)
        if not findings.problems and not 0 < (ends - starts).total_seconds() <= LONGEST_PERIOD_DAYS * 86_400:
            findings.add("/ends", f"must be later than starts, by {LONGEST_PERIOD_DAYS} days at most")
        return starts, ends


class CostPartOut(msgspec.Struct, frozen=True, kw_only=True):
    """Units that one row priced. `cost` is what they came to under the contract, before any rounding to coins."""

    meter: str
    service_tier: str
    prompt_tokens: int
    units: Decimal
    cost: Decimal
    price_id: UUID
    rate: Decimal
    rate_currency: str
    per_tokens: int
    utc_window: str | None
    source: str


class CostOut(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` is rounded once, to the currency's coins; the parts add to it before that."""

    starts: datetime
    ends: datetime
    currency: str
    amount: Decimal
    parts: list[CostPartOut]


def cost_out(cost: UsageCost, ids: Mapping[int, UUID]) -> CostOut:
    """`ids` are those of the stored rows, by the identity of the values that were made of them."""
    return CostOut(
        starts=cost.usage.starts,
        ends=cost.usage.ends,
        currency=cost.currency,
        amount=cost.amount(minor_digits(cost.currency)),
        parts=[_part_out(part, ids[id(part.row)]) for part in cost.parts],
    )


def _part_out(part: CostedPart, price_id: UUID) -> CostPartOut:
    return CostPartOut(
        meter=part.meter,
        service_tier=part.service_tier,
        prompt_tokens=part.prompt_tokens,
        units=_without_zeros(rounded(part.units, DECIMALS_SHOWN)),
        cost=rounded(part.cost, DECIMALS_SHOWN),
        price_id=price_id,
        rate=part.row.rate,
        rate_currency=part.row.currency,
        per_tokens=part.row.per_tokens,
        utc_window=part.row.utc_window,
        source=part.row.source,
    )


def _without_zeros(count: Decimal) -> Decimal:
    """The same number with no zeros behind its last decimal, and written without an exponent."""
    shortest = count.normalize()
    return shortest.quantize(Decimal(1)) if shortest == shortest.to_integral_value() else shortest


def _units(findings: Findings, pointer: str, count: Decimal) -> Decimal:
    if count.is_finite() and 0 <= count <= MAX_UNITS:
        return count
    findings.add(pointer, f"must be 0 or more and at most 1e17, not {count}")
    return Decimal(0)


def _check_shares(findings: Findings, pointer: str, shares: Mapping[str, Decimal] | None) -> None:
    if shares is None:
        return
    before = len(findings.problems)
    for name, share in shares.items():
        if not (share.is_finite() and 0 <= share <= 1):
            findings.add(f"{pointer}/{name}", f"must be a fraction from 0 to 1, not {share}")
    if len(findings.problems) == before and sum(shares.values()) != 1:
        findings.add(pointer, f"its shares must add to 1, not {sum(shares.values())}")
