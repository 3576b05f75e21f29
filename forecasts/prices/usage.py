"""What requests cost on an API route: tokens by meter, known rates, and the outlooks on them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks.course import Rates
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand


@dataclass(frozen=True, kw_only=True)
class Metered:
    """Mean tokens and mean cost of one meter, shape `[months]`."""

    meter: str
    tokens: FloatArray
    cost: FloatArray


@dataclass(frozen=True, kw_only=True)
class Usage:
    """The cost of requests on a route: by meter as means, as paths `[months, draws]`, and by other outlooks."""

    meters: tuple[Metered, ...]
    paths: FloatArray
    horizon_by_outlook: dict[str, FloatArray]  # shape [draws]


def tokens_by_meter(demand: Demand) -> dict[str, float]:
    """Tokens of one request by the meter that bills them; meters without tokens are left out."""
    tokens = {
        "input": demand.uncached_input_tokens,
        "cached_input": demand.cached_input_tokens,
        "cache_write": demand.cache_write_tokens,
        "output": demand.output_tokens,
    }
    return {meter: count for meter, count in tokens.items() if count > 0.0}


class UsagePricing:
    """Prices requests by the known rates under one outlook, and under others for comparison.

    `frozen` is the book of outlooks without scheduled steps.
    """

    def __init__(
        self, book: PriceBook, outlook: PricePaths, others: dict[str, PricePaths], *, frozen: PriceBook
    ) -> None:
        self._book = book
        self._frozen = frozen
        self._outlook = outlook
        self._others = others

    def price(self, demand: Demand, route: ApiRoute, requests: FloatArray) -> Usage:
        """`requests` has shape `[months, draws]`; raises NoPrice where a meter has no rate in a month with requests."""
        mean_requests = requests.mean(axis=1)
        used = mean_requests > 0.0
        per_request = tokens_by_meter(demand)
        known = self._known_rates(self._outlook, demand, route, used)
        rates = {meter: tokens * known(route, meter) for meter, tokens in per_request.items()}
        metered = []
        scaled: dict[int, tuple[FloatArray, FloatArray]] = {}
        for meter, rate in rates.items():
            multiplier = self._outlook.multiplier(route, meter, known)
            mean_scaled = mean_requests
            if multiplier is not None:
                if id(multiplier) not in scaled:
                    scaled[id(multiplier)] = (
                        multiplier,
                        np.einsum("md,md->m", requests, multiplier) / requests.shape[1],
                    )
                mean_scaled = scaled[id(multiplier)][1]
            metered.append(Metered(meter=meter, tokens=per_request[meter] * mean_requests, cost=rate * mean_scaled))
        return Usage(
            meters=tuple(metered),
            paths=self._cost_per_request(route, rates, self._outlook, known, requests.shape) * requests,
            horizon_by_outlook={
                name: self._horizon_cost(demand, route, outlook, requests, used)
                for name, outlook in self._others.items()
            },
        )

    def _known_rates(self, outlook: PricePaths, demand: Demand, route: ApiRoute, used: npt.NDArray[np.bool_]) -> Rates:
        """The rates that an outlook starts from; `used`, shape `[months]`, says where the route's must be known."""
        book = self._book if outlook.keeps_scheduled_steps(route) else self._frozen

        def rates(asked: ApiRoute, meter: str) -> FloatArray:
            return book.rate_path(
                asked,
                meter,
                prompt_tokens=demand.input_tokens_per_request,
                hourly_weights=demand.hourly_weights,
                # Which months of a successor must be known is for the check of outlooks to say.
                used=used if asked == route else np.zeros_like(used),
            ).per_token

        return rates

    def _horizon_cost(
        self,
        demand: Demand,
        route: ApiRoute,
        outlook: PricePaths,
        requests: FloatArray,
        used: npt.NDArray[np.bool_],
    ) -> FloatArray:
        known = self._known_rates(outlook, demand, route, used)
        rates = {meter: tokens * known(route, meter) for meter, tokens in tokens_by_meter(demand).items()}
        if all(outlook.multiplier(route, meter, known) is None for meter in rates):
            fixed: FloatArray = np.add.reduce(list(rates.values()), axis=0) if rates else np.zeros(len(requests))
            certain: FloatArray = fixed @ requests
            return certain
        cost: FloatArray = np.einsum(
            "md,md->d", self._cost_per_request(route, rates, outlook, known, requests.shape), requests
        )
        return cost

    def _cost_per_request(
        self,
        route: ApiRoute,
        rates: dict[str, FloatArray],
        outlook: PricePaths,
        known: Rates,
        shape: tuple[int, ...],
    ) -> FloatArray:
        """Shape `[months, draws]`, or `[months, 1]` where certain."""
        fixed = np.zeros(shape[0])
        moving: dict[int, tuple[FloatArray, FloatArray]] = {}
        for meter, rate in rates.items():
            multiplier = outlook.multiplier(route, meter, known)
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
