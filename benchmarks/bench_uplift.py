"""Speed of the uplift model: a year of speedups of 100 workloads against the bare exponentials of as many numbers.

Claim: 4,096 draws x 12 months x 100 workloads within 25 times `numpy.exp` over an array of that size.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from forecasts.speculation.model.drafting import Drafting, DraftKind
from forecasts.speculation.model.parameters import load_uplift_parameters
from forecasts.speculation.model.speedup import Speculation, decode_speedup
from forecasts.speculation.model.target import TargetModel

WORKLOADS, MONTHS, DRAWS = 100, 12, 4096
MOST = 25.0

DENSE = TargetModel(active_params_b=70.0, total_params_b=70.0)
MOE = TargetModel(active_params_b=22.0, total_params_b=235.0)
HEAD = Speculation(drafting=Drafting(kind=DraftKind.AUTOREGRESSIVE), depth=3, rho=0.95)
BLOCK = Speculation(drafting=Drafting(kind=DraftKind.ONE_PASS), depth=5, rho=0.95, adaptive=True)
LOOKUP = Speculation(drafting=Drafting(kind=DraftKind.NGRAM), depth=3, rho=0.95)


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of two contenders whose turns alternate, so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * (rounds + 1)):
        start = time.perf_counter()
        (first, second)[turn % 2]()
        times[turn % 2].append(time.perf_counter() - start)
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def main() -> int:
    generator = np.random.Generator(np.random.SFC64(7))
    first = generator.uniform(0.5, 0.95, (WORKLOADS, 1, DRAWS))
    requests = generator.uniform(1.0, 256.0, (MONTHS, DRAWS))
    context = generator.uniform(100.0, 8000.0, (WORKLOADS, 1, 1))
    exponents = generator.standard_normal((WORKLOADS, MONTHS, DRAWS))
    parameters = load_uplift_parameters()
    worst = 0.0
    for name, target, speculation in (
        ("dense, three drafted tokens", DENSE, HEAD),
        ("MoE, three drafted tokens", MOE, HEAD),
        ("MoE, the best of none to five", MOE, BLOCK),
        ("MoE, three tokens looked up", MOE, LOOKUP),
    ):
        ours, bare = interleaved(
            lambda target=target, speculation=speculation: decode_speedup(
                first,
                requests,
                speculation=speculation,
                target=target,
                context_tokens=context,
                parameters=parameters,
            ),
            lambda: np.exp(exponents),
            7,
        )
        worst = max(worst, ours / bare)
        print(f"{name}: {ours * 1e3:.0f} ms, exponentials {bare * 1e3:.0f} ms: {ours / bare:.1f}x (claim: {MOST:g}x)")
    return 0 if worst <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
