"""The policy `monthly`: nodes ordered some months ahead, given back only when they will not soon be missed."""

import numpy as np

from forecasts.fleet.scaling.terms import Monthly
from forecasts.fleet.scaling.week import whole_nodes, within
from forecasts.timeline import FloatArray


def monthly_nodes(scaling: Monthly, need: FloatArray, least: FloatArray, before: int) -> FloatArray:
    """Serving nodes, shape `[months, draws]`.

    `need` is the planned peak in nodes' worth of work, `least` the floor of each month (both `[months, draws]`), and
    `before` the nodes that stand when the horizon begins. A month has at least the nodes that it needs, at most those
    that it would need if the need were higher by the hysteresis, and in between those of the month before
    (docs/model.md, Capacity).
    """
    fewest = within(whole_nodes(need), least, scaling.max_nodes)
    if scaling.hysteresis_fraction == 0.0:
        return fewest
    kept = within(whole_nodes(need * (1.0 + scaling.hysteresis_fraction)), least, scaling.max_nodes)
    return follow_within(fewest, np.maximum(kept, fewest), float(before))


def follow_within(low: FloatArray, high: FloatArray, start: float) -> FloatArray:
    """The path that leaves its last value only as far as `[low, high]` forces it, along the first axis.

    Each month is a clip of the month before, and clips compose to clips, so all prefixes come from a doubling scan
    (Hillis and Steele 1986) instead of a walk over the months.
    """
    low, high = low.copy(), high.copy()
    step = 1
    while step < len(low):
        earlier_low, earlier_high = low[:-step], high[:-step]
        new_low = np.clip(earlier_low, low[step:], high[step:])
        new_high = np.clip(earlier_high, low[step:], high[step:])
        low[step:], high[step:] = new_low, new_high
        step *= 2
    followed: FloatArray = np.clip(start, low, high)
    return followed
