"""The mean cost of requests on a route: what a line needs of them, without the paths that a total would."""

from dataclasses import dataclass

from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.contracts.settlement import ContractUse
from forecasts.prices.usage import Metered, UsagePricing, billed_units
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanUsage:
    meters: tuple[Metered, ...]
    contract_uses: tuple[ContractUse, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PricedBy:
    """What one set of prices, outlooks and contracts answers with."""

    plan: Plan
    book: PriceBook
    pricing: UsagePricing

    def price(self, demand: Demand, route: ApiRoute, requests: FloatArray) -> MeanUsage:
        """`requests` has shape `[months, draws]`; raises NoPrice as `UsagePricing.price`, whose means these are."""
        if any(contract.is_settled for contract in self.plan.contracts):
            usage = self.pricing.price(demand, route, requests)
            return MeanUsage(meters=usage.meters, contract_uses=usage.contract_uses)
        mean_requests = requests.mean(axis=1)
        costs = self.pricing.quote(demand, route, mean_requests > 0.0).mean_costs(requests, mean_requests)
        units = billed_units(demand, route, self.book)
        return MeanUsage(
            meters=tuple(
                Metered(meter=meter, units=units[meter] * mean_requests, cost=cost) for meter, cost in costs.items()
            )
        )
