"""When the training of a draft module has earned its cost back, path by path."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.tally import QUANTILE_LEVELS
from forecasts.timeline import FloatArray, Month, Timeline


@dataclass(frozen=True, kw_only=True)
class Payback:
    """`cost` is the mean, in the plan's currency. Months are None where that share of paths does not get there."""

    cost: float
    gpu_hours: float
    probability_within_horizon: float
    p10: Month | None
    p50: Month | None
    p90: Month | None


def payback_of(cost: FloatArray, gpu_hours: float, gross_saving: FloatArray, timeline: Timeline) -> Payback:
    """The first month by whose end the savings so far cover all costs of training, those still to come included.

    `cost` is of training by month, `gross_saving` what the decoder saves before it, both `[months, draws]` or
    `[months, 1]`. A later month in which savings are lost again does not undo it.
    """
    saved = np.cumsum(gross_saving, axis=0)
    covered = saved >= np.sum(cost, axis=0) - 1e-9
    after_cost = np.cumsum(np.abs(cost), axis=0) > 0.0
    done = covered & after_cost
    never = timeline.months
    first = np.where(done.any(axis=0), done.argmax(axis=0), never)
    # A month is reached or not: between two of them there is no quantile, so the later one is named.
    p10, p50, p90 = np.quantile(first, QUANTILE_LEVELS, method="higher").tolist()
    return Payback(
        cost=float(np.sum(cost, axis=0).mean()),
        gpu_hours=gpu_hours,
        probability_within_horizon=float((first < never).mean()),
        p10=_month(p10, timeline),
        p50=_month(p50, timeline),
        p90=_month(p90, timeline),
    )


def _month(offset: int, timeline: Timeline) -> Month | None:
    return None if offset >= timeline.months else timeline.first.plus(offset)
