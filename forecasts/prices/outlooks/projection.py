"""A route's price by month under the outlooks of a plan: what a picture of its future shows."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.tally import quantiles
from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.timeline import FloatArray
from forecasts.units import TOKENS_PER_MTOK
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True, eq=False)
class ProjectedRates:
    """Money per million tokens by month: the mean over the draws and its quantiles, each of shape `[months]`."""

    mean: FloatArray
    p10: FloatArray
    p50: FloatArray
    p90: FloatArray


def project_rates(
    book: PriceBook,
    frozen: PriceBook,
    outlooks: PricePaths,
    route: ApiRoute,
    meter: str,
    *,
    prompt_tokens: float,
    hourly_weights: FloatArray,
) -> ProjectedRates:
    """The rates of one meter for usage of the given prompt size and hours; raises NoPrice.

    `frozen` is the book of outlooks without scheduled steps, as in `UsagePricing`.
    """
    rows = book if outlooks.keeps_scheduled_steps(route) else frozen

    def known(asked: ApiRoute, of_meter: str) -> FloatArray:
        path = rows.rate_path(asked, of_meter, prompt_tokens=prompt_tokens, hourly_weights=hourly_weights)
        return path.per_token * TOKENS_PER_MTOK

    rate = known(route, meter)
    multiplier = outlooks.multiplier(route, meter, known)
    paths = rate[:, None] * (np.ones((1, 1)) if multiplier is None else multiplier)
    levels = quantiles(paths)
    return ProjectedRates(mean=paths.mean(axis=1), p10=levels[:, 0], p50=levels[:, 1], p90=levels[:, 2])
