"""A contract with a provider on the wire, and its conversion to the domain."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.prices.contracts.contract import (
    TOKEN_METERS,
    CommitmentPeriod,
    Contract,
    Credit,
    Discount,
    PriceLock,
    VolumeTier,
)
from forecasts.prices.price import METERS, UNITS_BY_METER
from service.schemas import meaning
from service.schemas.pricing.price import Meter
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Wire

MAX_TOKENS_PER_MONTH = Decimal("1e17")

Meters = Annotated[tuple[Meter, ...], msgspec.Meta(min_length=1)]


class DiscountIn(Wire, kw_only=True, frozen=True):
    fraction: Amount
    meters: Meters | None = None

    def to_discount(self, findings: Findings, at: str) -> Discount:
        return Discount(
            meters=self.meters or METERS, fraction=discount_fraction(findings, f"{at}/fraction", self.fraction)
        )


class VolumeTierIn(Wire, kw_only=True, frozen=True):
    """`fraction` off the part of a month's tokens above `from_tokens_per_month`."""

    from_tokens_per_month: Amount
    fraction: Amount


class CreditIn(Wire, kw_only=True, frozen=True):
    amount: Amount
    from_: str | None = msgspec.field(name="from", default=None)
    expires: str | None = None

    def to_credit(self, findings: Findings, at: str, starts: datetime) -> Credit:
        begins = starts if self.from_ is None else first_instant(findings, f"{at}/from", self.from_)
        expires = None if self.expires is None else first_instant(findings, f"{at}/expires", self.expires)
        if expires is not None and expires <= begins:
            findings.add(f"{at}/expires", "must be later than its start")
        return Credit(
            amount=meaning.amount(findings, f"{at}/amount", self.amount),
            starts=begins,
            expires=expires,
        )


class ContractIn(Wire, kw_only=True, frozen=True):
    """In force from `from` (the plan's `as_of` by default) up to `to`, days in UTC. Fractions are off list prices."""

    name: Name | None = None
    provider: Name
    model: Label = "*"
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    currency: CurrencyCode | None = None
    discount_fraction: Amount | None = None
    meters: Meters | None = None
    discounts: Annotated[list[DiscountIn], msgspec.Meta(max_length=50)] = []
    price_lock_until: str | None = None
    price_lock: PriceLock = "fixed"
    committed_spend: Amount | None = None
    commitment_period: CommitmentPeriod = "term"
    spent_before: Amount | None = None
    volume_meters: Meters | None = None
    volume_tiers: Annotated[list[VolumeTierIn], msgspec.Meta(max_length=50)] = []
    credits: Annotated[list[CreditIn], msgspec.Meta(max_length=200)] = []
    cost_center: Label = ""
    gl_account: Label = ""

    @property
    def named(self) -> str:
        """Without a name of its own, what tells it from the provider's other contracts."""
        if self.name is not None:
            return self.name
        what = self.provider if self.model == "*" else f"{self.provider}/{self.model}"
        return what if self.from_ is None else f"{what} from {self.from_}"

    def to_contract(self, findings: Findings, at: str, *, as_of: date, plan_currency: str) -> Contract:
        starts = meaning.start_of_day(as_of)
        if self.from_ is not None:
            starts = first_instant(findings, f"{at}/from", self.from_)
        ends = None if self.to is None else first_instant(findings, f"{at}/to", self.to)
        if ends is not None and ends <= starts:
            findings.add(f"{at}/to", "must be later than the contract's start")
            ends = None
        return Contract(
            name=self.named,
            provider=self.provider,
            model=self.model,
            starts=starts,
            ends=ends,
            currency=self.currency or plan_currency,
            discounts=self._discounts(findings, at),
            price_lock_until=self._lock(findings, f"{at}/price_lock_until", starts),
            price_lock=self.price_lock,
            committed_spend=self._committed(findings, at, ends),
            commitment_period=self.commitment_period,
            spent_before=None
            if self.spent_before is None
            else meaning.amount(findings, f"{at}/spent_before", self.spent_before),
            volume_meters=self._volume_meters(findings, at),
            volume_tiers=self._volume_tiers(findings, f"{at}/volume_tiers"),
            credits=tuple(
                credit.to_credit(findings, f"{at}/credits/{index}", starts) for index, credit in enumerate(self.credits)
            ),
            cost_center=self.cost_center,
            gl_account=self.gl_account,
        )

    def _discounts(self, findings: Findings, at: str) -> tuple[Discount, ...]:
        discounts = [one.to_discount(findings, f"{at}/discounts/{index}") for index, one in enumerate(self.discounts)]
        if self.discount_fraction is not None:
            fraction = discount_fraction(findings, f"{at}/discount_fraction", self.discount_fraction)
            # The entries of the list speak of single meters; the general one counts where they are silent.
            discounts.append(Discount(meters=self.meters or METERS, fraction=fraction))
        elif self.meters is not None:
            findings.add(f"{at}/meters", "says what discount_fraction is off: give that, or use discounts")
        return tuple(discounts)

    def _lock(self, findings: Findings, at: str, starts: datetime) -> datetime | None:
        if self.price_lock_until is None:
            return None
        until = first_instant(findings, at, self.price_lock_until)
        if until <= starts:
            findings.add(at, "must be later than the contract's start, whose prices it keeps")
            return None
        return until

    def _committed(self, findings: Findings, at: str, ends: datetime | None) -> Decimal | None:
        if self.committed_spend is None:
            if self.spent_before is not None:
                findings.add(f"{at}/spent_before", "counts towards committed_spend: give that too")
            return None
        if self.commitment_period == "term" and ends is None:
            findings.add(f"{at}/to", "is needed where spend is committed for the whole term")
        return meaning.amount(findings, f"{at}/committed_spend", self.committed_spend)

    def _volume_meters(self, findings: Findings, at: str) -> tuple[str, ...]:
        for index, meter in enumerate(self.volume_meters or ()):
            if UNITS_BY_METER[meter] != "Tokens":
                findings.add(f"{at}/volume_meters/{index}", f"{meter} does not count tokens, which tiers go by")
        return self.volume_meters or TOKEN_METERS

    def _volume_tiers(self, findings: Findings, at: str) -> tuple[VolumeTier, ...]:
        tiers = tuple(
            VolumeTier(
                from_tokens_per_month=threshold(
                    findings, f"{at}/{index}/from_tokens_per_month", tier.from_tokens_per_month
                ),
                fraction=discount_fraction(findings, f"{at}/{index}/fraction", tier.fraction),
            )
            for index, tier in enumerate(self.volume_tiers)
        )
        for index, (lower, upper) in enumerate(pairwise(tiers), start=1):
            if upper.from_tokens_per_month <= lower.from_tokens_per_month:
                findings.add(f"{at}/{index}/from_tokens_per_month", "must be above the threshold of the tier before")
        return tiers


def discount_fraction(findings: Findings, pointer: str, value: Decimal) -> Decimal:
    if value.is_finite() and 0 <= value <= 1:
        return value
    findings.add(pointer, f"must be a fraction from 0 to 1, not {value}")
    return Decimal(0)


def first_instant(findings: Findings, pointer: str, text: str) -> datetime:
    return meaning.start_of_day(meaning.day(findings, pointer, text))


def threshold(findings: Findings, pointer: str, value: Decimal) -> Decimal:
    if value.is_finite() and 0 <= value <= MAX_TOKENS_PER_MONTH:
        return value
    findings.add(pointer, f"must be a number of tokens from 0 to 1e17, not {value}")
    return Decimal(0)
