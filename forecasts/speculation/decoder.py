"""A speculative decoder as a fleet declares it."""

from dataclasses import dataclass

from forecasts.draws import Pert
from forecasts.timeline import Month

NONE = "none"
HEADLINE = "headline"


@dataclass(frozen=True, kw_only=True)
class Decoder:
    """Which preset runs on a fleet from which month, and what its speedup is measured over."""

    preset: str = NONE
    speedup: Pert | None = None
    speedup_over: str = NONE
    first_month: Month | None = None
