"""Which packaged rate of an accelerator counts on a day: one real row, never an average, with what else there was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from forecasts.catalog.accelerators import AcceleratorPrice, load_accelerator_prices

ON_DEMAND = "on-demand"
# Where an accelerator has no rate in the tier that was asked for, the next of these that has one stands in.
TIERS = (
    ON_DEMAND,
    "secure",
    "neocloud",
    "hyperscaler",
    "community",
    "spot",
    "serverless",
    "12mo",
    "reserved_1y",
    "36mo",
    "rental_3y_25pct_upfront",
    "own_neocloud_4y",
    "own_hyperscaler_4y",
)
# What a price list answered comes before what a model of costs estimates, and that before what somebody quoted.
QUALITIES = (
    "live-scrape",
    "live-scrape (has parse glitches)",
    "model estimate",
    "secondary quote",
    "undated snapshot",
)
STILL_OFFERED_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class ChosenRate:
    """The row that counts and the rows it was chosen from, the cheapest first; `tier_asked` may be another."""

    row: AcceleratorPrice
    considered: tuple[AcceleratorPrice, ...]
    tier_asked: str
    as_of: date

    @property
    def usd_per_gpu_hour(self) -> Decimal:
        return self.row.usd_per_gpu_hour

    @property
    def low(self) -> Decimal:
        return self.considered[0].usd_per_gpu_hour

    @property
    def high(self) -> Decimal:
        return self.considered[-1].usd_per_gpu_hour

    @property
    def stands_in(self) -> bool:
        """Whether it is of another tier than asked for."""
        return self.row.tier != self.tier_asked

    @property
    def age_days(self) -> int | None:
        return None if self.row.effective_from is None else (self.as_of - self.row.effective_from).days


def choose_rate(
    accelerator: str,
    *,
    as_of: date,
    tier: str = ON_DEMAND,
    provider: str | None = None,
    stand_in: bool = True,
    prices: Iterable[AcceleratorPrice] | None = None,
) -> ChosenRate | None:
    """The rate per GPU-hour in USD of an accelerator on a day; None where nothing was known by then.

    Of the rows known by the day in the tier (or, with `stand_in`, in the first tier of TIERS that has any) only those
    of the best quality count, of each provider its last one, unless another provider's is 90 days younger. The one
    with the lower median rate is chosen. A row without a date counts only where no row of the accelerator has one.
    """
    tiers = (tier, *(other for other in TIERS if other != tier and stand_in))
    seller = None if provider is None else provider.lower()
    if prices is None:
        return _choose_packaged(accelerator, as_of, tiers, seller)
    return _choose([row for row in prices if row.accelerator == accelerator], as_of, tiers, seller)


# Rankings ask for the same rates of the same days over and over.
@lru_cache(maxsize=16_384)
def _choose_packaged(accelerator: str, as_of: date, tiers: tuple[str, ...], seller: str | None) -> ChosenRate | None:
    return _choose(_rows_of(accelerator), as_of, tiers, seller)


def _choose(
    rows: Iterable[AcceleratorPrice], as_of: date, tiers: tuple[str, ...], seller: str | None
) -> ChosenRate | None:
    known = [
        row
        for row in rows
        if (row.effective_from is None or row.effective_from <= as_of)
        and (seller is None or row.provider.lower() == seller)
    ]
    known = [row for row in known if row.effective_from is not None] or known
    for name in tiers:
        of_tier = [row for row in known if row.tier == name]
        if of_tier:
            best = min(map(_quality, of_tier))
            considered = _last_of_each_provider([row for row in of_tier if _quality(row) == best])
            middle = considered[(len(considered) - 1) // 2]
            return ChosenRate(row=middle, considered=considered, tier_asked=tiers[0], as_of=as_of)
    return None


def rate_days(accelerators: Iterable[str], *, until: date, tier: str | None = None) -> tuple[date, ...]:
    """The days up to one on which a packaged rate of any of the accelerators (in the tier) began, in order."""
    rows = [row for name in accelerators for row in _rows_of(name) if tier is None or row.tier == tier]
    return tuple(sorted({row.effective_from for row in rows if row.effective_from and row.effective_from <= until}))


def tiers_with_rates(accelerator: str) -> tuple[str, ...]:
    found = {row.tier for row in _rows_of(accelerator)}
    return tuple(tier for tier in TIERS if tier in found)


def providers_of(accelerator: str, tier: str) -> set[str]:
    """In lower case, as sources write one provider in several ways."""
    return {row.provider.lower() for row in _rows_of(accelerator) if row.tier == tier}


@cache
def providers_known() -> tuple[str, ...]:
    """Of any accelerator, in lower case."""
    return tuple(sorted({row.provider.lower() for row in load_accelerator_prices()}))


@cache
def _rows_of(accelerator: str) -> tuple[AcceleratorPrice, ...]:
    return tuple(row for row in load_accelerator_prices() if row.accelerator == accelerator)


def _quality(row: AcceleratorPrice) -> int:
    return QUALITIES.index(row.quality) if row.quality in QUALITIES else len(QUALITIES)


def _last_of_each_provider(rows: list[AcceleratorPrice]) -> tuple[AcceleratorPrice, ...]:
    last: dict[str, AcceleratorPrice] = {}
    # Of a provider's rows of one day the one that states its form factor counts, and of those the cheapest.
    for row in sorted(rows, key=_recency):
        last[row.provider.lower()] = row
    newest = max(row.effective_from or date.min for row in last.values())
    oldest = newest if newest == date.min else newest - timedelta(days=STILL_OFFERED_DAYS)
    still = [row for row in last.values() if (row.effective_from or date.min) >= oldest]
    return tuple(sorted(still, key=lambda row: (row.usd_per_gpu_hour, row.provider.lower())))


def _recency(row: AcceleratorPrice) -> tuple[date, bool, Decimal]:
    return row.effective_from or date.min, row.accelerator_basis == "stated", -row.usd_per_gpu_hour
