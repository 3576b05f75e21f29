"""An agreement with a provider: discounts, locked prices, a commitment, volume tiers and credits."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Literal

from forecasts.prices.price import METERS
from forecasts.timeline import Month
from forecasts.workload import ApiRoute

PriceLock = Literal["fixed", "ceiling"]
CommitmentPeriod = Literal["term", "year", "month"]

TOKEN_METERS = tuple(meter for meter in METERS if meter not in ("image", "request", "web_search"))


@dataclass(frozen=True, kw_only=True)
class Discount:
    """A fraction off the list price of the named meters; negotiated rates are net of it already."""

    meters: tuple[str, ...]
    fraction: Decimal


@dataclass(frozen=True, kw_only=True)
class VolumeTier:
    """A fraction off the part of a month's tokens above a threshold, up to the next tier's."""

    from_tokens_per_month: Decimal
    fraction: Decimal


@dataclass(frozen=True, kw_only=True)
class Credit:
    """An amount that pays for usage from an instant on until it expires (None is never)."""

    amount: Decimal
    starts: datetime
    expires: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """In force over `[starts, ends)`. Amounts are in `currency`.

    A price lock keeps the rates in force at `starts` until its end: `fixed` for better and worse, `ceiling` lets
    lower ones through. `committed_spend` is due in each commitment period; what was spent of it before the horizon
    is `spent_before`, or taken to be on course (None).
    """

    name: str
    provider: str
    model: str = "*"
    starts: datetime
    ends: datetime | None = None
    currency: str = "USD"
    discounts: tuple[Discount, ...] = ()
    price_lock_until: datetime | None = None
    price_lock: PriceLock = "fixed"
    committed_spend: Decimal | None = None
    commitment_period: CommitmentPeriod = "term"
    spent_before: Decimal | None = None
    volume_meters: tuple[str, ...] = TOKEN_METERS
    volume_tiers: tuple[VolumeTier, ...] = ()  # thresholds rise
    credits: tuple[Credit, ...] = ()
    cost_center: str = ""
    gl_account: str = ""

    def covers(self, route: ApiRoute) -> bool:
        return route.provider == self.provider and fnmatchcase(route.model, self.model)

    def discount_on(self, meter: str) -> Decimal:
        """The fraction off a meter's list price; of several entries for a meter the first counts."""
        return next((one.fraction for one in self.discounts if meter in one.meters), Decimal(0))

    @property
    def is_settled(self) -> bool:
        """Whether anything beside the rates depends on what was used."""
        return self.committed_spend is not None or bool(self.volume_tiers or self.credits)

    @property
    def changes_rates(self) -> bool:
        return bool(self.discounts) or self.price_lock_until is not None

    @property
    def first_month(self) -> Month:
        return Month.of(self.starts.date())
