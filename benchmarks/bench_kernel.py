"""Kernel speed and accuracy: against a straight numpy script, in a portfolio, and against its own Monte Carlo error.

Claims: one workload within 2x of the script, 1,000 workloads within 1.3x of 1,000 times one and below 500 MiB.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from benchmarks import straight_forecast
from forecasts.draws import Pert
from forecasts.forecast import forecast
from forecasts.plan import Plan
from forecasts.prices.outlooks.courses.projected_cut import ProjectedCut
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.price import Price
from forecasts.timeline import Month, Timeline
from forecasts.workload import ApiRoute, Demand, OutputLengths, RouteSet, RouteShare, Workload

RATES = {"input": Decimal("0.66"), "cached_input": Decimal("0.022"), "output": Decimal("1.98")}
ROUTE = ApiRoute(provider="deepseek", model="deepseek-v4-pro")


def workload(name: str) -> Workload:
    return Workload(
        name=name,
        demand=Demand(
            base_month=Month(2027, 1),
            requests_per_month=straight_forecast.REQUESTS,
            input_tokens_per_request=straight_forecast.INPUT_TOKENS,
            cached_input_fraction=straight_forecast.CACHED,
            output_lengths=OutputLengths(mean=straight_forecast.OUTPUT_TOKENS),
            monthly_growth=Pert(
                low=straight_forecast.GROWTH[0], mode=straight_forecast.GROWTH[1], high=straight_forecast.GROWTH[2]
            ),
            noise_fraction=straight_forecast.NOISE,
            noise_autocorrelation=straight_forecast.PHI,
            hourly_weights=np.ones(168),
        ),
        route_sets=(RouteSet(first_month=None, shares=(RouteShare(route=ROUTE, share=1.0),)),),
    )


def plan_of(count: int) -> Plan:
    known = datetime(2026, 8, 16, 16, tzinfo=UTC)
    return Plan(
        timeline=Timeline(first=Month(2027, 1), months=12),
        as_of=date(2026, 11, 23),
        seed=7,
        outlooks=(Outlook(course=ProjectedCut(window=(date(2026, 12, 1), date(2027, 12, 1)))),),
        prices=tuple(
            Price(
                provider=ROUTE.provider,
                model=ROUTE.model,
                meter=meter,
                rate=rate,
                effective_from=known,
                recorded_at=known,
            )
            for meter, rate in RATES.items()
        ),
        workloads=tuple(workload(f"workload {index}") for index in range(count)),
    )


def median_seconds(work: Callable[[], object], rounds: int) -> float:
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians of two contenders whose turns alternate, so that both meet the same machine."""
    pairs = [(median_seconds(first, 1), median_seconds(second, 1)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def main() -> int:
    rates = [float(rate) / 1e6 for rate in RATES.values()]
    one = plan_of(1)
    ours, script = interleaved(lambda: forecast(one), lambda: straight_forecast.straight(*rates), 201)
    annual = straight_forecast.straight(*rates)[0]
    effective = forecast(one).total.effective
    print(f"one workload: {ours * 1e3:.2f} ms, straight script {script * 1e3:.2f} ms: {ours / script:.2f}x (claim: 2x)")
    print(f"  annual P50 {effective.p50 / 100:.0f}, the script's {annual[1]:.0f}")

    portfolio = plan_of(1000)
    start = time.perf_counter()
    forecast(portfolio)
    seconds = time.perf_counter() - start
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = seconds / (1000 * ours)
    print(f"1,000 workloads: {seconds:.2f} s: {ratio:.2f}x of 1,000 times one (claim: 1.3x), {peak_mib:.0f} MiB (500)")

    by_seed = [forecast(replace(one, seed=seed)).total.effective for seed in range(200)]
    errors = []
    for level in ("p10", "p50", "p90"):
        values = np.array([getattr(total, level) for total in by_seed])
        errors.append(f"{level} {values.std(ddof=1) / values.mean():.2%}")
    print(f"Monte Carlo standard error of the annual figure at 4,096 draws, 200 seeds: {', '.join(errors)}")
    return 0 if ours / script <= 2.0 and ratio <= 1.3 and peak_mib < 500 else 1


if __name__ == "__main__":
    sys.exit(main())
