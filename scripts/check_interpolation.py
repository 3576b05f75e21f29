#!/usr/bin/env python3
"""How well a measured point is met by the points beside it: `python scripts/check_interpolation.py`.

Every inner point of every packaged benchmark series is left out once and read off the others, by the kernel and by
three rivals.
"""

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from forecasts.catalog.benchmarks import Benchmark, load_benchmarks
from forecasts.hardware.series import BenchmarkSeries, series_of

Reading = Callable[[BenchmarkSeries, float, str], float]


def by_the_kernel(series: BenchmarkSeries, concurrency: float, name: str) -> float:
    return float(getattr(series.at_concurrency(concurrency), name))


def straight(series: BenchmarkSeries, concurrency: float, name: str) -> float:
    known = [(point.concurrency, getattr(point, name)) for point in series.points]
    return float(np.interp(concurrency, *np.transpose(known)))


def straight_in_log_concurrency(series: BenchmarkSeries, concurrency: float, name: str) -> float:
    known = [(math.log(point.concurrency), getattr(point, name)) for point in series.points]
    return float(np.interp(math.log(concurrency), *np.transpose(known)))


def straight_in_both_logs(series: BenchmarkSeries, concurrency: float, name: str) -> float:
    known = [(math.log(point.concurrency), math.log(getattr(point, name))) for point in series.points]
    return math.exp(np.interp(math.log(concurrency), *np.transpose(known)))


READINGS: dict[str, Reading] = {
    "monotone cubic in both logs": by_the_kernel,
    "straight in both logs": straight_in_both_logs,
    "straight in log concurrency": straight_in_log_concurrency,
    "straight": straight,
}
FIGURES = ("output_tokens_per_second_per_gpu", "tokens_per_second_per_user")


def left_out_points() -> Iterator[tuple[BenchmarkSeries, Benchmark]]:
    """Each inner point with its series without it."""
    for series in series_of(load_benchmarks()):
        for index in range(1, len(series.points) - 1):
            if series.states_speed:
                rest = series.points[:index] + series.points[index + 1 :]
                yield replace(series, points=rest), series.points[index]


def errors_of(reading: Reading, figure: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Relative errors, one for each point that was left out."""
    return np.array(
        [
            abs(reading(series, point.concurrency, figure) / getattr(point, figure) - 1.0)
            for series, point in left_out_points()
        ]
    )


def main() -> int:
    for figure in FIGURES:
        sys.stdout.write(f"{figure}\n")
        for name, reading in READINGS.items():
            errors = errors_of(reading, figure)
            median, ninth = np.quantile(errors, [0.5, 0.9])
            sys.stdout.write(f"  {name:28s} {len(errors)} points, median {median:.1%}, nine in ten below {ninth:.1%}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
