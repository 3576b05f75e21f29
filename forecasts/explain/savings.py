"""What a decoder saves: the difference of two runs on the same draws, and the reasons where it saves nothing."""

from dataclasses import dataclass
from typing import Literal

from forecasts.budgeting.tally import Distribution, Spread
from forecasts.timeline import FloatArray

Verdict = Literal["pays", "marginal", "does_not_pay"]

PAYS_FROM_PROBABILITY = 0.8
DOES_NOT_PAY_BELOW_PROBABILITY = 0.2
# A difference below a hundredth of the smallest coin is rounding, not a saving.
_NEGLIGIBLE = 1e-4


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a decoder does not pay: the node-hours that are missed, as money in the currency and as output tokens."""

    code: str
    money: float
    tokens: float


@dataclass(frozen=True, kw_only=True)
class DecoderVerdict:
    """Whether a decoder pays for one workload of a fleet, whose part of the saving is by the node-hours it gives back.

    `speedup` is of the workload on the fleet's basis while the decoder runs.
    """

    fleet: str
    workload: str
    verdict: Verdict
    probability_of_saving: float
    saving: Distribution
    speedup: Spread
    reasons: tuple[Reason, ...]


def probability_of_saving(saving: FloatArray) -> float:
    """The share of paths on which the decoder saves money."""
    return float((saving > _NEGLIGIBLE).mean())


def verdict_of(probability: float) -> Verdict:
    if probability >= PAYS_FROM_PROBABILITY:
        return "pays"
    return "does_not_pay" if probability < DOES_NOT_PAY_BELOW_PROBABILITY else "marginal"
