"""How far off the model is: the sigma of a log-normal factor on its speedup, by what is known of a deployment."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from forecasts.catalog.tables import read_table

# The normal deviate that a tenth exceeds: an 80 % band reaches this many standard deviations to either side.
P90_NORMAL = 1.2815515655446004

# The acceptance is held at its most likely value for method and task: its own scatter is in this spread.
PRESET_ACCEPTANCE = "preset_acceptance"
# The acceptance was measured, or is drawn from its range: what is left is the physics.
ACCEPTANCE_KNOWN = "acceptance_known"
# The same on hardware outside the datacentre, where engines differ more than the physics: its bias is in it too.
OTHER_HARDWARE = "other_hardware"
# The prediction passes through one measured speedup of the same deployment.
ONE_POINT = "one_measured_point"


@cache
def load_uplift_spreads() -> Mapping[str, float]:
    """Sigma by state of knowledge: `uplift_spreads.csv` of the catalogue, written by `scripts/fit_uplift.py`."""
    return {row["knowledge"]: float(row["sigma"]) for row in read_table("uplift_spreads.csv")}


def spread_after_points(one_point: float, points: int) -> float:
    """The sigma after `points` measured speedups of a deployment, whose mean offset the prediction takes.

    An error through one point holds the scatter of that point and of what is predicted; the mean of several has less of
    the first: `one_point * sqrt((1 + 1 / points) / 2)`. Raises ValueError below one point.
    """
    if points < 1:
        raise ValueError("a spread after measured points takes at least one")
    return one_point * float(np.sqrt((1.0 + 1.0 / points) / 2.0))
