"""What a contract settles beside its rates, path by path: volume tiers, a commitment's shortfall, credits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from forecasts.prices.contracts.contract import Contract, VolumeTier
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import MONTHS_PER_YEAR

VOLUME_DISCOUNT = "volume_discount"
SHORTFALL = "shortfall"
CREDIT = "credit"


@dataclass(frozen=True, kw_only=True, eq=False)
class Spend:
    """What usage adds to a contract: all it costs, and the cost and tokens that volume tiers look at.

    Arrays have shape `[months, draws]`.
    """

    cost: FloatArray
    volume_cost: FloatArray
    volume_tokens: FloatArray

    def plus(self, other: "Spend") -> "Spend":
        return Spend(
            cost=self.cost + other.cost,
            volume_cost=self.volume_cost + other.volume_cost,
            volume_tokens=self.volume_tokens + other.volume_tokens,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class ContractUse:
    """One usage under a contract, by the outlook it is priced with; None is the chosen one."""

    contract: Contract
    by_outlook: dict[str | None, Spend]


@dataclass
class ContractAccounts:
    """Running sums of what is used under each contract."""

    sums: dict[tuple[str, str | None], Spend] = field(default_factory=dict)

    def add(self, uses: Iterable[ContractUse]) -> None:
        for use in uses:
            for outlook, spend in use.by_outlook.items():
                key = (use.contract.name, outlook)
                self.sums[key] = self.sums[key].plus(spend) if key in self.sums else spend

    def spend(self, contract: Contract, outlook: str | None, shape: tuple[int, int]) -> Spend:
        """Of a contract that nothing used, zeros of the shape `[months, draws]`."""
        nothing = np.zeros(shape)
        return self.sums.get((contract.name, outlook), Spend(cost=nothing, volume_cost=nothing, volume_tokens=nothing))


@dataclass(frozen=True, kw_only=True, eq=False)
class Settlement:
    """Money of one kind by month and path, shape `[months, draws]`; discounts and credits are negative."""

    kind: str
    billed: FloatArray
    effective: FloatArray


def settle(contract: Contract, spend: Spend, timeline: Timeline, worth: FloatArray) -> list[Settlement]:
    """`worth` is what the contract's currency is worth in the plan's, shape `[months]`.

    A commitment counts what is spent after discounts and before credits.
    """
    found = []
    net = spend.cost
    if contract.volume_tiers:
        discount = spend.volume_cost * average_discount(contract.volume_tiers, spend.volume_tokens)
        net = net - discount
        found.append(Settlement(kind=VOLUME_DISCOUNT, billed=-discount, effective=-discount))
    if contract.committed_spend is not None:
        found.append(_shortfall(contract, net, timeline, worth))
    if contract.credits:
        used = _credits_used(contract, net, timeline, worth)
        found.append(Settlement(kind=CREDIT, billed=-used, effective=-used))
    return found


def average_discount(tiers: tuple[VolumeTier, ...], tokens: FloatArray) -> FloatArray:
    """The discount of a month's tokens as a fraction of their cost: each part at the tier that it falls into."""
    off = np.zeros_like(tokens)
    edges = [float(tier.from_tokens_per_month) for tier in tiers] + [np.inf]
    for tier, low, high in zip(tiers, edges[:-1], edges[1:], strict=True):
        off += float(tier.fraction) * np.clip(tokens - low, 0.0, high - low)
    return np.divide(off, tokens, out=np.zeros_like(tokens), where=tokens > 0.0)


def share_under(contract: Contract, timeline: Timeline) -> FloatArray:
    """The part of each month for which the contract is in force, shape `[months]`."""
    return timeline.share_of_months(contract.starts, contract.ends)


def _shortfall(contract: Contract, net: FloatArray, timeline: Timeline, worth: FloatArray) -> Settlement:
    """Billed in the last month of a commitment period, and accrued in equal parts over its months.

    Of a period that ends after the horizon, the months in the horizon bear their part of what is still due.
    """
    billed, effective = np.zeros_like(net), np.zeros_like(net)
    periods, due, closes = _commitment_periods(contract, timeline)
    inside = np.flatnonzero(periods >= 0)
    if inside.size == 0:
        return Settlement(kind=SHORTFALL, billed=billed, effective=effective)
    _, firsts, lengths = np.unique(periods[inside], return_index=True, return_counts=True)
    last = inside[firsts + lengths - 1]
    spent = np.add.reduceat(net[inside], firsts, axis=0)
    missing = np.maximum(due[:, None] * worth[last][:, None] - spent, 0.0)
    effective[inside] = np.repeat(missing / lengths[:, None], lengths, axis=0)
    billed[last] = np.where(closes[:, None], missing, 0.0)
    return Settlement(kind=SHORTFALL, billed=billed, effective=effective)


def _commitment_periods(
    contract: Contract, timeline: Timeline
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """The period of each month (-1 outside the contract), and by period: what is due in it, whether it ends in it."""
    starts = contract.first_month.index
    months = timeline.indices
    # A contract without an end only has periods of a year or a month.
    ends = int(months[-1]) + MONTHS_PER_YEAR + 1 if contract.ends is None else _month_after(contract.ends)
    length = {"term": max(ends - starts, 1), "year": MONTHS_PER_YEAR, "month": 1}[contract.commitment_period]
    under = (months >= starts) & (months < ends)
    periods = np.where(under, (months - starts) // length, -1)
    present = np.unique(periods[under])
    opens = starts + present * length
    closes_at = np.minimum(opens + length, ends)
    first, after = int(months[0]), int(months[-1]) + 1
    in_horizon = np.minimum(closes_at, after) - np.maximum(opens, first)
    from_horizon = closes_at - np.maximum(opens, first)
    committed = float(contract.committed_spend or 0)
    # A period of a year that the contract's end cuts short owes its part.
    owed = committed * (closes_at - opens) / length
    remaining = owed * from_horizon / (closes_at - opens)
    if contract.spent_before is not None:
        begun = opens < first
        remaining = np.where(begun, np.maximum(owed - float(contract.spent_before), 0.0), remaining)
    return periods, remaining * in_horizon / from_horizon, closes_at <= after


def _credits_used(contract: Contract, net: FloatArray, timeline: Timeline, worth: FloatArray) -> FloatArray:
    """Those that expire first pay first, each for usage of its own time alone, until nothing of it is left."""
    unpaid = np.maximum(net, 0.0)
    used = np.zeros_like(net)
    never = timeline.labels[-1].plus(1).starts
    for credit in sorted(contract.credits, key=lambda credit: credit.expires or never):
        share = timeline.share_of_months(credit.starts, credit.expires)
        payable = np.cumsum(unpaid * share[:, None] / worth[:, None], axis=0)
        paid = np.diff(np.minimum(payable, float(credit.amount)), axis=0, prepend=0.0) * worth[:, None]
        used += paid
        unpaid = unpaid - paid
    return used


def _month_after(ends: datetime) -> int:
    """The index of the month behind the last one that the contract touches."""
    last = Month.of((ends - timedelta(microseconds=1)).date())
    return last.index + 1
