"""The rival of bench_kernel: one workload on one API route as a numpy script, annual and monthly quantiles alone."""

import numpy as np
import numpy.typing as npt

MONTHS = 12
DRAWS = 4096
HOURS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24.0
REQUESTS, INPUT_TOKENS, CACHED, OUTPUT_TOKENS = 2_000_000.0, 1200.0, 0.3, 350.0
GROWTH = (0.0, 0.02, 0.06)
NOISE, PHI = 0.15, 0.6
GROWTH_CORRELATION, NOISE_CORRELATION = 0.5, 0.2
CUT = (0.20, 0.25, 0.40)


def pert(rng: np.random.Generator, low: float, mode: float, high: float) -> npt.NDArray[np.float64]:
    span = high - low
    return low + span * rng.beta(1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span, DRAWS)


def straight(
    input_rate: float, cached_rate: float, output_rate: float, seed: int = 7
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Rates are money per token. Quantiles of the year, shape [3], and of its months, shape [3, 12].

    One workload alone does not show its correlation with others, so the script draws growth and noise once.
    """
    rng = np.random.default_rng(seed)
    growth = pert(rng, *GROWTH)
    innovations = rng.standard_normal((MONTHS, DRAWS))
    noise = np.empty((MONTHS, DRAWS))
    noise[0] = innovations[0]
    for month in range(1, MONTHS):
        noise[month] = PHI * noise[month - 1] + np.sqrt(1 - PHI**2) * innovations[month]
    age = np.arange(MONTHS)[:, None]
    requests = REQUESTS * np.exp(age * np.log1p(growth) + NOISE * noise - NOISE**2 / 2)
    # The window of the cut opens with the month before the horizon and is twelve months long.
    cut_at = rng.random(DRAWS) * (HOURS.sum()) - 31 * 24.0
    starts = np.concatenate([[0.0], np.cumsum(HOURS)[:-1]])
    after = np.clip((starts[:, None] + HOURS[:, None] - cut_at) / HOURS[:, None], 0, 1)
    output = output_rate * (1 - pert(rng, *CUT) * after)
    per_request = INPUT_TOKENS * ((1 - CACHED) * input_rate + CACHED * cached_rate) + OUTPUT_TOKENS * output
    cost = requests * per_request
    return np.quantile(cost.sum(axis=0), (0.1, 0.5, 0.9)), np.quantile(cost, (0.1, 0.5, 0.9), axis=1)
