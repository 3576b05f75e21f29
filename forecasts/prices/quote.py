"""What one request costs on a route under one outlook: rates by meter, and the path that moves each of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from forecasts.prices.contracts.rates import UnitRate
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Quote:
    """Rates of one request by meter, and the outlook's multiplier of each: None where rates stay as known.

    Multipliers have shape `[months, draws]`, or `[months, 1]` where certain.
    """

    months: int
    rates: dict[str, UnitRate]
    multipliers: dict[str, FloatArray | None]

    @property
    def is_certain(self) -> bool:
        return all(multiplier is None for multiplier in self.multipliers.values())

    def certain_cost(self) -> FloatArray:
        """Of a quote that no outlook moves, shape `[months]`."""
        return self._settled(self.rates)

    def cost_per_request(self, meters: Iterable[str] | None = None) -> FloatArray:
        """Of all meters, or of the named ones; shape `[months, draws]`, or `[months, 1]` where certain."""
        wanted = {meter: rate for meter, rate in self.rates.items() if meters is None or meter in set(meters)}
        fixed = self._settled(wanted)
        moving: dict[int, tuple[FloatArray, FloatArray]] = {}
        cost = fixed[:, None]
        for meter, rate in wanted.items():
            multiplier = self.multipliers[meter]
            if multiplier is None:
                continue
            _, sum_of_rates = moving.get(id(multiplier), (multiplier, np.zeros(self.months)))
            moving[id(multiplier)] = (multiplier, sum_of_rates + rate.moving)
            if rate.capped is not None:
                cost = _added(rate.capped_at(multiplier), cost)
        for multiplier, sum_of_rates in moving.values():
            cost = _added(multiplier * sum_of_rates[:, None], cost)
        return cost

    def cost_of(self, requests: FloatArray, meters: Iterable[str] | None = None) -> FloatArray:
        """Of requests of shape `[months, draws]`, in the same shape."""
        cost = self.cost_per_request(meters)
        # Working in place where the shape allows it saves the memory traffic that a large product consists of.
        if cost.shape == requests.shape:
            cost *= requests
            return cost
        return cost * requests

    def mean_costs(self, requests: FloatArray, mean_requests: FloatArray) -> dict[str, FloatArray]:
        """The mean cost of each meter by month, shape `[months]`, of requests `[months, draws]` and their mean."""
        scaled: dict[int, FloatArray] = {}
        costs = {}
        for meter, rate in self.rates.items():
            multiplier = self.multipliers[meter]
            mean_scaled = mean_requests
            if multiplier is not None:
                if id(multiplier) not in scaled:
                    scaled[id(multiplier)] = np.einsum("md,md->m", requests, multiplier) / requests.shape[1]
                mean_scaled = scaled[id(multiplier)]
            costs[meter] = rate.moving * mean_scaled + rate.fixed * mean_requests
            if rate.capped is not None:
                costs[meter] += np.einsum("md,md->m", requests, rate.capped_at(multiplier)) / requests.shape[1]
        return costs

    def _settled(self, rates: dict[str, UnitRate]) -> FloatArray:
        """What no outlook moves, shape `[months]`."""
        cost = np.zeros(self.months)
        for meter, rate in rates.items():
            cost = cost + rate.fixed
            if self.multipliers[meter] is None:
                cost = cost + rate.moving
                if rate.capped is not None:
                    cost = cost + rate.capped_at(None)[:, 0]
        return cost


def _added(fresh: FloatArray, other: FloatArray) -> FloatArray:
    """The sum, in the memory of `fresh` where it is large enough; nothing else may hold `fresh`."""
    if fresh.size >= other.size:
        fresh += other
        return fresh
    return fresh + other
