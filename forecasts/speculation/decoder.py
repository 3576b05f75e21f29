"""A speculative decoder as a fleet declares it."""

from dataclasses import dataclass
from typing import Literal

from forecasts.draws import Pert
from forecasts.speculation.model.acceptance import Acceptance
from forecasts.timeline import Month

NONE = "none"
HEADLINE = "headline"
MEASURED = "measured"

Basis = Literal["equal_concurrency", "matched_speed", "matched_throughput"]
BASES: tuple[Basis, ...] = ("equal_concurrency", "matched_speed", "matched_throughput")


@dataclass(frozen=True, kw_only=True, eq=False)
class Decoder:
    """Which preset runs on a fleet from which month, and what the plan knows of it better than the catalogue.

    `speedup` is of the preset `headline`, over the decoder `speedup_over`. `acceptance` and `num_speculative_tokens`
    replace the preset's own. `basis` of None is the default: at the same speed of a user where a workload states one,
    otherwise at equal concurrency.
    """

    preset: str = NONE
    speedup: Pert | None = None
    speedup_over: str = NONE
    basis: Basis | None = None
    num_speculative_tokens: int | None = None
    draft_params_b: float | None = None
    acceptance: Acceptance | None = None
    first_month: Month | None = None
