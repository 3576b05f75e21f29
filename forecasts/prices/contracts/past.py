"""What a contract settles for a month of the past, exactly: the counterpart of `settlement` for what was used."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from forecasts.prices.contracts.contract import Contract
from forecasts.prices.costing import CostedPart, UsageCost
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A month under a contract, in its currency. `volume_discount` and `credit` are what they take off."""

    usage: Fraction
    volume_discount: Fraction
    shortfall: Fraction
    credit: Fraction

    @property
    def counted(self) -> Fraction:
        """What counts towards the commitment."""
        return self.usage - self.volume_discount

    @property
    def billed(self) -> Fraction:
        return self.usage - self.volume_discount + self.shortfall - self.credit


def state_month(
    contract: Contract,
    costs: Iterable[UsageCost],
    *,
    spent_in_period: Fraction = Fraction(0),
    period_ends: bool,
    credit_left: Fraction = Fraction(0),
) -> Statement:
    """A month's usage that lies wholly under the contract, whose rates `costs` have already.

    `spent_in_period` was counted in the commitment period's earlier months; `period_ends` with this month. Raises
    ValueError for costs in another currency than the contract's.
    """
    parts: list[CostedPart] = []
    for cost in costs:
        if cost.currency != contract.currency:
            raise ValueError(f"the contract is in {contract.currency}, the usage in {cost.currency}")
        if contract.covers(ApiRoute(provider=cost.usage.provider, model=cost.usage.model)):
            parts += cost.parts
    usage = sum((part.cost for part in parts), Fraction(0))
    counted = [part for part in parts if part.meter in contract.volume_meters]
    tokens = sum((part.units for part in counted), Fraction(0))
    discount = sum((part.cost for part in counted), Fraction(0)) * _average_discount(contract, tokens)
    due = Fraction(contract.committed_spend or 0) if period_ends else Fraction(0)
    return Statement(
        usage=usage,
        volume_discount=discount,
        shortfall=max(due - spent_in_period - (usage - discount), Fraction(0)) if period_ends else Fraction(0),
        credit=min(credit_left, usage - discount),
    )


def _average_discount(contract: Contract, tokens: Fraction) -> Fraction:
    if tokens == 0:
        return Fraction(0)
    off = Fraction(0)
    tiers = contract.volume_tiers
    for tier, above in zip(tiers, (*tiers[1:], None), strict=True):
        high = tokens if above is None else min(tokens, Fraction(above.from_tokens_per_month))
        off += Fraction(tier.fraction) * max(high - Fraction(tier.from_tokens_per_month), Fraction(0))
    return off / tokens
