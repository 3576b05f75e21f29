"""Contracted rates: list prices with discounts and locks, by the parts of a month for which each holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

import numpy as np

from forecasts.prices.book import PriceBook
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.in_force.periods import FOREVER, Period
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

RateOf = Callable[[list[Period]], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitRate:
    """Money per unit by month in three parts, each of shape `[months]`.

    `fixed` no outlook moves; `moving` is multiplied with the outlook's path; `capped` is too, but costs `cap` at most.
    """

    fixed: FloatArray
    moving: FloatArray
    capped: FloatArray | None = None
    cap: FloatArray | None = None

    @classmethod
    def at_list(cls, rate: FloatArray) -> "UnitRate":
        return cls(fixed=np.zeros_like(rate), moving=rate)

    def times(self, units: float) -> "UnitRate":
        return UnitRate(
            fixed=units * self.fixed,
            moving=units * self.moving,
            capped=None if self.capped is None else units * self.capped,
            cap=None if self.cap is None else units * self.cap,
        )

    def capped_at(self, multiplier: FloatArray | None) -> FloatArray:
        """The capped part under an outlook's path, shape `[months, draws]`, or `[months, 1]` where certain."""
        if self.capped is None or self.cap is None:
            return np.zeros((len(self.moving), 1))
        rate = self.capped[:, None] if multiplier is None else self.capped[:, None] * multiplier
        return np.minimum(rate, self.cap[:, None])


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Periods in force, the contract that they are under, and that contract again where its lock holds.

    `locked` are then the periods that the lock keeps.
    """

    periods: list[Period]
    contract: Contract | None
    lock: Contract | None = None
    locked: list[Period] = field(default_factory=list)


def contracted_rate(
    book: PriceBook,
    contracts: Iterable[Contract],
    route: ApiRoute,
    meter: str,
    *,
    prompt_tokens: float,
    hourly_weights: FloatArray,
) -> UnitRate:
    """The rate of a meter under the contracts that cover its route, whose times do not overlap; raises NoPrice."""
    periods = book.periods(route, meter, prompt_tokens=prompt_tokens)

    def rate_of(kept: list[Period]) -> FloatArray:
        return book.rate_of(kept, hourly_weights).per_token

    nothing = rate_of([])
    fixed, moving = nothing, nothing
    capped, cap = None, None
    for terms in in_terms(periods, contracts):
        free = discounted(terms.periods, terms.contract, meter, rate_of)
        if terms.lock is None:
            moving = moving + free
            continue
        locked = discounted(terms.locked, terms.lock, meter, rate_of)
        if terms.lock.price_lock == "fixed":
            fixed = fixed + locked
        else:
            capped = free if capped is None else capped + free
            cap = locked if cap is None else cap + locked
    return UnitRate(fixed=fixed, moving=moving, capped=capped, cap=cap)


def in_terms(periods: list[Period], contracts: Iterable[Contract]) -> list[Terms]:
    """The periods cut where contracts and their locks begin and end, each part with the contract it is under."""
    marks: dict[datetime, tuple[Contract | None, bool]] = {}
    for contract in sorted(contracts, key=lambda one: one.starts):
        ends = contract.ends or FOREVER
        lock_ends = min(contract.price_lock_until or contract.starts, ends)
        marks[contract.starts] = (contract, lock_ends > contract.starts)
        if contract.starts < lock_ends < ends:
            marks[lock_ends] = (contract, False)
        marks.setdefault(ends, (None, False))
    first = datetime.min.replace(tzinfo=FOREVER.tzinfo)
    edges = [first, *sorted(marks), FOREVER]
    found = []
    for starts, ends in pairwise(edges):
        contract_, locked = marks.get(starts, (None, False))
        if ends > starts:
            lock = contract_ if locked else None
            kept = [] if lock is None else locked_periods(periods, lock)
            found.append(Terms(periods=clipped(periods, starts, ends), contract=contract_, lock=lock, locked=kept))
    return found


def locked_periods(periods: list[Period], contract: Contract) -> list[Period]:
    """What was in force at the contract's start, for as long as the lock lasts; nothing where there was no price."""
    until = min(contract.price_lock_until or contract.starts, contract.ends or FOREVER)
    return [
        replace(period, starts=contract.starts, ends=until)
        for period in periods
        if period.starts <= contract.starts < period.ends
    ] or clipped(periods, contract.starts, until)


def clipped(periods: list[Period], starts: datetime, ends: datetime) -> list[Period]:
    return [
        replace(period, starts=max(period.starts, starts), ends=min(period.ends, ends))
        for period in periods
        if period.starts < ends and period.ends > starts
    ]


def discounted(periods: list[Period], contract: Contract | None, meter: str, rate_of: RateOf) -> FloatArray:
    """Negotiated rows are net already: the discount is off all others."""
    fraction = 0.0 if contract is None else float(contract.discount_on(meter))
    if fraction == 0.0:
        return rate_of(periods)
    listed = [period for period in periods if period.row.status != "negotiated"]
    net = [period for period in periods if period.row.status == "negotiated"]
    return rate_of(listed) * (1.0 - fraction) + rate_of(net)
