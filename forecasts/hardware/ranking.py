"""How the order of accelerators moves with the rates alone: by day, and pair by pair on the same tier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from forecasts.hardware.rates import ChosenRate, choose_rate, providers_of, rate_days, tiers_with_rates
from forecasts.hardware.sizing import SizedDeployment


@dataclass(frozen=True, kw_only=True)
class RankedAccelerator:
    accelerator: str
    rate: ChosenRate
    usd_per_mtok_served: float
    usd_per_mtok_full_load: float


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The order from a day on, the cheapest served token first; accelerators without a dated rate are left out."""

    day: date
    order: tuple[RankedAccelerator, ...]
    order_changed: bool


@dataclass(frozen=True, kw_only=True)
class RateObservation:
    """What both accelerators of a pair cost in one tier from a day on; `provider` is set where one sells both."""

    tier: str
    provider: str | None
    day: date
    first: ChosenRate
    second: ChosenRate
    cheaper: str

    @property
    def rate_ratio(self) -> float:
        return float(self.first.usd_per_gpu_hour / self.second.usd_per_gpu_hour)


@dataclass(frozen=True, kw_only=True)
class PairComparison:
    """Two accelerators at full load. `first` is cheaper where its rate over the other's is below the break-even ratio.

    The ratio is that of their throughputs per GPU. `observations` are, for each tier and seller, the first and the
    last ratio of rates and every one at which the cheaper one changed.
    """

    first: str
    second: str
    break_even_rate_ratio: float
    observations: tuple[RateObservation, ...]

    @property
    def turns(self) -> bool:
        """Whether the evidence holds rates for either order."""
        return len({observation.cheaper for observation in self.observations}) > 1


def rank_by_day(
    deployments: Mapping[str, SizedDeployment], *, as_of: date, tier: str, provider: str | None
) -> tuple[Ranking, ...]:
    """The order on every day up to `as_of` on which the chosen rate of any accelerator changed."""
    rankings: list[Ranking] = []
    for day in rate_days(deployments, until=as_of):
        ranked = []
        for name, deployment in deployments.items():
            rate = choose_rate(name, as_of=day, tier=tier, provider=provider)
            if rate is not None and rate.row.effective_from is not None:
                ranked.append(_ranked(name, deployment, rate))
        ranked.sort(key=lambda one: (one.usd_per_mtok_served, one.usd_per_mtok_full_load))
        before = rankings[-1].order if rankings else ()
        if [_rate_of(one) for one in ranked] != [_rate_of(one) for one in before]:
            moved = [one.accelerator for one in ranked] != [one.accelerator for one in before]
            rankings.append(Ranking(day=day, order=tuple(ranked), order_changed=moved))
    return tuple(rankings)


def compare_pairs(deployments: Mapping[str, SizedDeployment], *, as_of: date) -> tuple[PairComparison, ...]:
    """Every pair, in the order of the mapping."""
    return tuple(
        PairComparison(
            first=first,
            second=second,
            break_even_rate_ratio=deployments[first].output_tokens_per_second_per_gpu
            / deployments[second].output_tokens_per_second_per_gpu,
            observations=tuple(_observations(first, second, deployments, as_of)),
        )
        for first, second in combinations(deployments, 2)
    )


def _observations(
    first: str, second: str, deployments: Mapping[str, SizedDeployment], as_of: date
) -> Iterable[RateObservation]:
    for tier in tiers_with_rates(first):
        if tier not in tiers_with_rates(second):
            continue
        sellers = sorted(providers_of(first, tier) & providers_of(second, tier))
        # Where a single seller has both, the tier's own row would repeat it.
        everyone = [] if providers_of(first, tier) == providers_of(second, tier) == set(sellers[:1]) else [None]
        for provider in (*everyone, *sellers):
            yield from _of_seller(first, second, deployments, as_of, tier, provider)


def _of_seller(
    first: str,
    second: str,
    deployments: Mapping[str, SizedDeployment],
    as_of: date,
    tier: str,
    provider: str | None,
) -> list[RateObservation]:
    found: list[RateObservation] = []
    for day in rate_days((first, second), until=as_of, tier=tier):
        one, other = (
            choose_rate(name, as_of=day, tier=tier, provider=provider, stand_in=False) for name in (first, second)
        )
        if one is None or other is None or one.row.effective_from is None or other.row.effective_from is None:
            continue
        costs = [
            deployments[name].usd_per_mtok_full_load(float(rate.usd_per_gpu_hour))
            for name, rate in ((first, one), (second, other))
        ]
        cheaper = first if costs[0] <= costs[1] else second
        observation = RateObservation(tier=tier, provider=provider, day=day, first=one, second=other, cheaper=cheaper)
        if found and found[-1].rate_ratio == observation.rate_ratio:
            continue
        # A ratio between two of the same order says nothing that they do not.
        if len(found) > 1 and found[-2].cheaper == found[-1].cheaper == cheaper:
            found.pop()
        found.append(observation)
    return found


def _ranked(name: str, deployment: SizedDeployment, rate: ChosenRate) -> RankedAccelerator:
    usd_per_gpu_hour = float(rate.usd_per_gpu_hour)
    return RankedAccelerator(
        accelerator=name,
        rate=rate,
        usd_per_mtok_served=deployment.usd_per_mtok_served(usd_per_gpu_hour),
        usd_per_mtok_full_load=deployment.usd_per_mtok_full_load(usd_per_gpu_hour),
    )


def _rate_of(one: RankedAccelerator) -> tuple[str, object, str]:
    return one.accelerator, one.rate.usd_per_gpu_hour, one.rate.row.tier
