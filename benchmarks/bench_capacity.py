"""Capacity in whole nodes of every hour, against the bare ceiling and maximum over as many numbers.

Claim: 4,096 draws x 36 months x 168 hours x 10 fleets within 3x of the bare operations in blocks, and below 1 GiB.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from forecasts.catalog.profiles import hourly_profile_names, load_hourly_profile
from forecasts.fleet.capacity import nodes_under_policy, usable_nodes
from forecasts.fleet.costs.terms import DatedRate, Rented
from forecasts.fleet.fleet import Fleet, Throughput
from forecasts.fleet.scaling.terms import Hourly
from forecasts.fleet.scaling.week import WeeklyWork
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import HOURS_PER_WEEK

DRAWS, MONTHS, FLEETS = 4096, 36, 10
BLOCK = 1024
TIMELINE = Timeline(first=Month(2027, 1), months=MONTHS)


def elastic_fleet() -> Fleet:
    """A node of which each serves one node's worth of work; the most nodes are short in the busiest hours."""
    return Fleet(
        name="elastic",
        accelerator="h100-sxm-80gb",
        gpus_per_node=8,
        nodes=1,
        serves="some-model",
        throughput=Throughput(output_tokens_per_second=4000.0),
        target_utilization_fraction=0.8,
        burst_factor=1.1,
        scaling=Hourly(min_nodes=2, max_nodes=100),
        cost=Rented(rates=(DatedRate(starts=None, rate=Decimal(25)),)),
    )


def monthly_work(profiles: int) -> list[FloatArray]:
    """Node-hours of a month by profile: about 30 nodes in all, spread by a quarter, growing by a half."""
    random = np.random.default_rng(7)
    growth = np.linspace(1.0, 1.5, MONTHS)[:, None]
    mean_hours = TIMELINE.hours[:, None] * growth * 30.0 / profiles
    return [mean_hours * random.lognormal(0.0, 0.25, (MONTHS, DRAWS)) for _ in range(profiles)]


def capacity(fleet: Fleet, works: list[FloatArray], profiles: list[FloatArray]) -> float:
    """What a run of a fleet asks: node-hours, the busiest hour's nodes and the share that is served."""
    offered = WeeklyWork.of(works, profiles, TIMELINE.hours[:, None])
    nodes = nodes_under_policy(fleet, TIMELINE, offered, offered, 1)
    served = offered.served_fractions(usable_nodes(fleet, nodes.serving))
    return float(nodes.serving_hours.mean() + nodes.serving.mean() + served[0].mean())


def bare(needs: FloatArray) -> float:
    """The ceiling of every hour's need and its maximum over the hours; `needs` has shape `[blocks, hours, columns]`."""
    total = 0.0
    scratch = np.empty(needs.shape[1:])
    for block in needs:
        np.ceil(block, out=scratch)
        total += float(scratch.max(axis=0)[0])
    return total


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    profiles = [load_hourly_profile(name) for name in hourly_profile_names() if name != "flat"][:3]
    works, fleet = monthly_work(len(profiles)), elastic_fleet()
    # One fleet's needs, every hour of every month and draw, stand for those of all.
    needs = np.random.default_rng(7).uniform(0.0, 60.0, (MONTHS * DRAWS // BLOCK, HOURS_PER_WEEK, BLOCK))

    def ours() -> None:
        for _ in range(FLEETS):
            capacity(fleet, works, profiles)

    def theirs() -> None:
        for _ in range(FLEETS):
            bare(needs)

    ours()
    theirs()
    pairs = [(seconds_of(ours), seconds_of(theirs)) for _ in range(7)]
    mine, floor = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"capacity of {DRAWS:,} draws x {MONTHS} months x {HOURS_PER_WEEK} hours x {FLEETS} fleets of "
        f"{len(profiles)} profiles: {mine:.2f} s; bare ceiling and maximum {floor:.2f} s: {mine / floor:.2f}x "
        f"(claim: 3x), {peak_mib:.0f} MiB (1,024)"
    )
    return 0 if mine / floor <= 3.0 and peak_mib < 1024 else 1


if __name__ == "__main__":
    sys.exit(main())
