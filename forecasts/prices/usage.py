"""What requests cost on an API route: tokens by meter, known rates, and the outlooks on them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.prices.book import PriceBook
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.contracts.rates import UnitRate, contracted_rate
from forecasts.prices.contracts.settlement import ContractUse, Spend, share_under
from forecasts.prices.outlooks.course import Rates
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.price import UNITS_BY_METER
from forecasts.prices.quote import Quote
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand


@dataclass(frozen=True, kw_only=True)
class Metered:
    """Mean units (tokens, but for meters of requests and the like) and mean cost of one meter, shape `[months]`."""

    meter: str
    units: FloatArray
    cost: FloatArray


@dataclass(frozen=True, kw_only=True)
class Usage:
    """The cost of requests on a route: by meter as means, as paths `[months, draws]`, and by other outlooks."""

    meters: tuple[Metered, ...]
    paths: FloatArray
    horizon_by_outlook: dict[str, FloatArray]  # shape [draws]
    contract_uses: tuple[ContractUse, ...] = ()


def tokens_by_meter(demand: Demand) -> dict[str, float]:
    """Tokens of one request by the meter that bills them; meters without tokens are left out."""
    long_lived = demand.cache_write_tokens * demand.long_lived_cache_write_fraction
    tokens = {
        "input": demand.uncached_input_tokens,
        "cached_input": demand.cached_input_tokens,
        "cache_write": demand.cache_write_tokens - long_lived,
        "cache_write_1h": long_lived,
        "output": demand.output_tokens,
    }
    return {meter: count for meter, count in tokens.items() if count > 0.0}


def billed_units(demand: Demand, route: ApiRoute, book: PriceBook) -> dict[str, float]:
    """Units of one request by the meter that bills them on a route.

    Reasoning is output unless the route has a price for it, and a request costs nothing by itself unless it has one.
    """
    units = tokens_by_meter(demand)
    reasoning = demand.output_tokens * demand.reasoning_fraction
    if reasoning > 0.0 and book.has_price(route, "reasoning_output"):
        units["output"] -= reasoning
        units["reasoning_output"] = reasoning
    if book.has_price(route, "request"):
        units["request"] = 1.0
    for meter, count in demand.other_units_per_request:
        units[meter] = units.get(meter, 0.0) + count
    return {meter: count for meter, count in units.items() if count > 0.0}


class UsagePricing:
    """Prices requests by the known rates and contracts under one outlook, and under others for comparison.

    `frozen` is the book of outlooks without scheduled steps.
    """

    def __init__(
        self,
        book: PriceBook,
        outlook: PricePaths,
        others: dict[str, PricePaths],
        *,
        frozen: PriceBook,
        contracts: tuple[Contract, ...] = (),
    ) -> None:
        self._book = book
        self._frozen = frozen
        self._outlook = outlook
        self._others = others
        self._contracts = contracts

    def price(self, demand: Demand, route: ApiRoute, requests: FloatArray) -> Usage:
        """`requests` has shape `[months, draws]`; raises NoPrice where a meter has no rate in a month with requests."""
        mean_requests = requests.mean(axis=1)
        used = mean_requests > 0.0
        per_request = billed_units(demand, route, self._book)
        quote = self._quote(self._outlook, demand, route, used)
        others = {name: self._quote(outlook, demand, route, used) for name, outlook in self._others.items()}
        quotes: dict[str | None, Quote] = {None: quote}
        quotes.update(others)
        return Usage(
            meters=tuple(
                Metered(meter=meter, units=per_request[meter] * mean_requests, cost=cost)
                for meter, cost in quote.mean_costs(requests, mean_requests).items()
            ),
            paths=quote.cost_of(requests),
            horizon_by_outlook={name: _horizon_cost(other, requests) for name, other in others.items()},
            contract_uses=tuple(
                _use(contract, quotes, per_request, requests, share_under(contract, self._book.timeline))
                for contract in self._contracts
                if contract.is_settled and contract.covers(route)
            ),
        )

    def _quote(self, outlook: PricePaths, demand: Demand, route: ApiRoute, used: npt.NDArray[np.bool_]) -> Quote:
        """`used`, shape `[months]`, says where the route's rates must be known."""
        book = self._book if outlook.keeps_scheduled_steps(route) else self._frozen

        def known(asked: ApiRoute, meter: str) -> FloatArray:
            return book.rate_path(
                asked,
                meter,
                prompt_tokens=demand.input_tokens_per_request,
                hourly_weights=demand.hourly_weights,
                # Which months of a successor must be known is for the check of outlooks to say.
                used=used if asked == route else np.zeros_like(used),
            ).per_token

        units = billed_units(demand, route, self._book)
        return Quote(
            months=len(used),
            rates={
                meter: self._unit_rate(book, demand, route, meter, known).times(count) for meter, count in units.items()
            },
            multipliers={meter: outlook.multiplier(route, meter, known) for meter in units},
        )

    def _unit_rate(self, book: PriceBook, demand: Demand, route: ApiRoute, meter: str, known: Rates) -> UnitRate:
        listed = known(route, meter)
        contracts = [contract for contract in self._contracts if contract.changes_rates and contract.covers(route)]
        if not contracts:
            return UnitRate.at_list(listed)
        return contracted_rate(
            book,
            contracts,
            route,
            meter,
            prompt_tokens=demand.input_tokens_per_request,
            hourly_weights=demand.hourly_weights,
        )


def _horizon_cost(quote: Quote, requests: FloatArray) -> FloatArray:
    """Shape `[draws]`."""
    if quote.is_certain:
        certain: FloatArray = quote.certain_cost() @ requests
        return certain
    cost: FloatArray = np.einsum("md,md->d", quote.cost_per_request(), requests)
    return cost


def _use(
    contract: Contract,
    quotes: dict[str | None, Quote],
    per_request: dict[str, float],
    requests: FloatArray,
    share: FloatArray,
) -> ContractUse:
    """What a contract counts of a usage: its part of each month, shape `[months]`."""
    under = requests * share[:, None]
    counted = [meter for meter in per_request if meter in contract.volume_meters and UNITS_BY_METER[meter] == "Tokens"]
    tokens = under * sum(per_request[meter] for meter in counted)
    return ContractUse(
        contract=contract,
        by_outlook={
            name: Spend(
                cost=quote.cost_of(under),
                volume_cost=quote.cost_of(under, counted),
                volume_tokens=tokens,
            )
            for name, quote in quotes.items()
        },
    )
