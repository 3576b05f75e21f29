"""Pricing sampled paths: 4,096 draws x 36 months x 200 models against the bare multiplication of the same arrays.

The bare one multiplies requests with a known rate and a ready multiplier. Pricing looks rates up in the book, draws the
providers' events, keeps means by meter, and sums the horizon under `hold` and `history` beside the chosen outlook.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import numpy as np

from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.draws import Draws
from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.courses.history import History
from forecasts.prices.outlooks.courses.hold import Hold
from forecasts.prices.outlooks.courses.projected_cut import ProjectedCut
from forecasts.prices.outlooks.outlook import Outlook, rivals_of
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.price import Price
from forecasts.prices.usage import UsagePricing
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.workload import ApiRoute, Demand, OutputLengths

DRAWS, MONTHS, MODELS, PROVIDERS = 4096, 36, 200, 20
ROUNDS = 5
CLAIM = 16.0
AS_OF = date(2026, 11, 23)
ROUTES = tuple(ApiRoute(provider=f"provider-{index % PROVIDERS}", model=f"model-{index}") for index in range(MODELS))
TIMELINE = Timeline(first=Month(2027, 1), months=MONTHS)
CUT = Outlook(course=ProjectedCut(window=(date(2026, 12, 1), date(2027, 12, 1))))
DEMAND = Demand(
    base_month=Month(2027, 1),
    requests_per_month=1e6,
    input_tokens_per_request=1000.0,
    output_lengths=OutputLengths(mean=500.0),
    hourly_weights=np.ones(168),
)


def prices() -> tuple[Price, ...]:
    known = datetime(2026, 1, 1, tzinfo=UTC)
    return tuple(
        Price(
            provider=route.provider,
            model=route.model,
            meter=meter,
            rate=Decimal(rate),
            effective_from=known,
            recorded_at=known,
        )
        for route in ROUTES
        for meter, rate in (("input", "0.50"), ("output", "2.00"))
    )


def pricing(rows: tuple[Price, ...], outlook: Outlook, *, compared: bool) -> UsagePricing:
    """A fresh book and fresh draws, as every forecast has them."""
    scene = Scene(
        timeline=TIMELINE,
        draws=Draws(seed=7, count=DRAWS),
        as_of=AS_OF,
        record_of=partial(jumps_known_as_of, AS_OF),
    )
    book = PriceBook(rows, windows=(), exchange_rates=(), currency="USD", as_of=AS_OF, timeline=TIMELINE)
    rivals = rivals_of((outlook,)) if compared else {}
    others = {name: PricePaths(rival, scene) for name, rival in rivals.items()}
    return UsagePricing(book, PricePaths((outlook,), scene), others, frozen=book)


def price_all(rows: tuple[Price, ...], requests: FloatArray, outlook: Outlook, *, compared: bool) -> None:
    priced = pricing(rows, outlook, compared=compared)
    for route in ROUTES:
        priced.price(DEMAND, route, requests)


def multiply_all(requests: FloatArray, multiplier: FloatArray, rate: FloatArray) -> None:
    for _route in ROUTES:
        (multiplier * rate[:, None]) * requests


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    rows = prices()
    requests = np.random.default_rng(7).gamma(4.0, 2.5e5, (MONTHS, DRAWS))
    multiplier = np.random.default_rng(8).random((MONTHS, DRAWS))
    rate = np.full(MONTHS, 1.5e-3)
    print(f"{DRAWS} draws x {MONTHS} months x {MODELS} models of {PROVIDERS} providers, best of {ROUNDS} in turns")
    contenders: dict[str, Callable[[], object]] = {
        "the bare multiplication": lambda: multiply_all(requests, multiplier, rate),
        "hold alone": lambda: price_all(rows, requests, Outlook(course=Hold()), compared=False),
        "projected_cut alone": lambda: price_all(rows, requests, CUT, compared=False),
        "history alone": lambda: price_all(rows, requests, Outlook(course=History()), compared=False),
        "projected_cut beside hold and history": lambda: price_all(rows, requests, CUT, compared=True),
    }
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            best[name] = min(best[name], seconds(work))
    bare, *_ = best.values()
    for name, spent in best.items():
        print(f"{name}: {spent * 1e3:.0f} ms, {spent / bare:.2f}x")
    worst = max(best.values()) / bare
    print(f"the whole comparison costs {worst:.1f}x of the bare multiplication (claim: {CLAIM:.0f}x)")
    return 0 if worst <= CLAIM else 1


if __name__ == "__main__":
    sys.exit(main())
