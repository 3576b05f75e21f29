"""The latency path: sessions and people's hours that quicker answers save, beside the bill and never inside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.tally import Distribution, Spread, distribution, spread
from forecasts.fleet.fleet import Fleet
from forecasts.money import to_minor
from forecasts.speculation.gains.conditions import operating_point
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import SECONDS_PER_HOUR
from forecasts.workload import Workload


@dataclass(frozen=True, kw_only=True)
class WaitingSaved:
    """People's waiting and open sessions of one workload over the horizon.

    Sessions are the mean number open at once over all its months.
    """

    workload: str
    hours_without: Spread
    hours_with: Spread
    hours_saved: Spread
    value: Distribution
    sessions_without: Spread
    sessions_with: Spread


@dataclass(frozen=True, kw_only=True, eq=False)
class WaitingPaths:
    """Of one workload on one fleet, with and without the decoder, shape `[months, draws]`.

    Hours are those that answers take to write, times the share of them that somebody waits for.
    """

    workload: Workload
    hours_without: FloatArray
    hours_with: FloatArray
    sessions_without: FloatArray
    sessions_with: FloatArray


def waiting_paths(
    fleet: Fleet, workload: Workload, requests: FloatArray, user_speedup: FloatArray, timeline: Timeline
) -> WaitingPaths | None:
    """None where nobody is said to wait, or the fleet does not state its concurrency.

    A user's speed without the decoder is the fleet's throughput over its concurrency as stated; with it, that times
    `user_speedup`, which broadcasts to `[months, draws]`. Sessions are requests an hour times the hours each takes
    (Little 1961).
    """
    if workload.waiting is None or fleet.throughput.concurrency_per_node is None:
        return None
    speed = operating_point(fleet, ()).measured_speed
    hours_each = workload.demand.output_tokens / speed / SECONDS_PER_HOUR
    busy_without = requests * hours_each
    busy_with = busy_without / user_speedup
    month = timeline.hours[:, None]
    share = workload.waiting.people_waiting_fraction
    return WaitingPaths(
        workload=workload,
        hours_without=busy_without * share,
        hours_with=busy_with * share,
        sessions_without=busy_without / month,
        sessions_with=busy_with / month,
    )


def waiting_saved(paths: Sequence[WaitingPaths], digits: int) -> tuple[WaitingSaved, ...]:
    """By workload over all fleets that serve it, in the order given. Money is in the currency of the plan."""
    by_workload: dict[str, list[WaitingPaths]] = {}
    for one in paths:
        by_workload.setdefault(one.workload.name, []).append(one)
    return tuple(_saved(of_workload, digits) for of_workload in by_workload.values())


def _saved(paths: list[WaitingPaths], digits: int) -> WaitingSaved:
    workload = paths[0].workload
    rate = 0.0 if workload.waiting is None else float(workload.waiting.loaded_hourly_rate)
    without = np.sum([one.hours_without.sum(axis=0) for one in paths], axis=0)
    with_decoder = np.sum([one.hours_with.sum(axis=0) for one in paths], axis=0)
    value = (without - with_decoder) * rate
    return WaitingSaved(
        workload=workload.name,
        hours_without=spread(without),
        hours_with=spread(with_decoder),
        hours_saved=spread(without - with_decoder),
        value=distribution(int(to_minor(value.mean(), digits)), value, digits),
        sessions_without=spread(np.sum([one.sessions_without.mean(axis=0) for one in paths], axis=0)),
        sessions_with=spread(np.sum([one.sessions_with.mean(axis=0) for one in paths], axis=0)),
    )
