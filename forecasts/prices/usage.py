"""What requests cost on an API route: tokens by meter, known rates, and the outlooks on them."""

from dataclasses import dataclass

import numpy as np

from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks import PricePaths
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
    """Prices requests by the known rates under one outlook, and under others for comparison."""

    def __init__(self, book: PriceBook, outlook: PricePaths, others: dict[str, PricePaths]) -> None:
        self._book = book
        self._outlook = outlook
        self._others = others

    def price(self, demand: Demand, route: ApiRoute, requests: FloatArray) -> Usage:
        """`requests` has shape `[months, draws]`; raises NoPrice where a meter has no rate in a month with requests."""
        mean_requests = requests.mean(axis=1)
        per_request = billed_units(demand, route, self._book)
        rates = {
            meter: units
            * self._book.rate_path(
                route,
                meter,
                prompt_tokens=demand.input_tokens_per_request,
                hourly_weights=demand.hourly_weights,
                used=mean_requests > 0.0,
            ).per_token
            for meter, units in per_request.items()
        }
        metered = []
        scaled: dict[int, tuple[FloatArray, FloatArray]] = {}
        for meter, rate in rates.items():
            multiplier = self._outlook.multiplier(route, meter)
            mean_scaled = mean_requests
            if multiplier is not None:
                if id(multiplier) not in scaled:
                    scaled[id(multiplier)] = (
                        multiplier,
                        np.einsum("md,md->m", requests, multiplier) / requests.shape[1],
                    )
                mean_scaled = scaled[id(multiplier)][1]
            metered.append(Metered(meter=meter, units=per_request[meter] * mean_requests, cost=rate * mean_scaled))
        return Usage(
            meters=tuple(metered),
            paths=self._cost_per_request(route, rates, self._outlook, requests.shape) * requests,
            horizon_by_outlook={
                name: self._horizon_cost(route, rates, outlook, requests) for name, outlook in self._others.items()
            },
        )

    def _horizon_cost(
        self, route: ApiRoute, rates: dict[str, FloatArray], outlook: PricePaths, requests: FloatArray
    ) -> FloatArray:
        if all(outlook.multiplier(route, meter) is None for meter in rates):
            fixed: FloatArray = np.add.reduce(list(rates.values()), axis=0) if rates else np.zeros(len(requests))
            certain: FloatArray = fixed @ requests
            return certain
        cost: FloatArray = np.einsum(
            "md,md->d", self._cost_per_request(route, rates, outlook, requests.shape), requests
        )
        return cost

    def _cost_per_request(
        self, route: ApiRoute, rates: dict[str, FloatArray], outlook: PricePaths, shape: tuple[int, ...]
    ) -> FloatArray:
        """Shape `[months, draws]`."""
        fixed = np.zeros(shape[0])
        moving: dict[int, tuple[FloatArray, FloatArray]] = {}
        for meter, rate in rates.items():
            multiplier = outlook.multiplier(route, meter)
            if multiplier is None:
                fixed = fixed + rate
            else:
                _, sum_of_rates = moving.get(id(multiplier), (multiplier, np.zeros(shape[0])))
                moving[id(multiplier)] = (multiplier, sum_of_rates + rate)
        if not moving:
            return np.broadcast_to(fixed[:, None], shape)
        cost = np.zeros(0)
        for multiplier, rate in moving.values():
            part = multiplier * rate[:, None]
            cost = part if cost.size == 0 else cost + part
        cost += fixed[:, None]
        return cost
