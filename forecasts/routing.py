"""Where a workload's requests go, month by month."""

import numpy as np

from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import Route, Workload


def shares_by_month(workload: Workload, timeline: Timeline) -> list[tuple[Route, FloatArray]]:
    """Each route in use with its share of requests, shape `[months]`: a set of routes replaces the one before it."""
    shares: dict[Route, FloatArray] = {}
    for index, route_set in enumerate(workload.route_sets):
        starts = -np.inf if route_set.first_month is None else float(route_set.first_month.index)
        following = workload.route_sets[index + 1 : index + 2]
        ends = float(following[0].first_month.index) if following and following[0].first_month else np.inf
        in_force = (timeline.indices >= starts) & (timeline.indices < ends)
        for entry in route_set.shares:
            so_far = shares.setdefault(entry.route, np.zeros(timeline.months))
            so_far[in_force] += entry.share
    return [(route, share) for route, share in shares.items() if share.any()]
