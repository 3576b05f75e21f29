"""What a decoder saves: the difference of two runs on the same draws, and the reasons where it saves nothing."""

from dataclasses import dataclass
from typing import Literal

from forecasts.timeline import FloatArray

Verdict = Literal["pays", "marginal", "does_not_pay"]

PAYS_FROM_PROBABILITY = 0.8
DOES_NOT_PAY_BELOW_PROBABILITY = 0.2
# A difference below a hundredth of the smallest coin is rounding, not a saving.
_NEGLIGIBLE = 1e-4


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a decoder does not pay: money it would have saved in the currency, and tokens of headroom it gave instead."""

    code: str
    money: float
    tokens: float


@dataclass(frozen=True, kw_only=True)
class DecoderVerdict:
    fleet: str
    workload: str
    verdict: Verdict
    reasons: tuple[Reason, ...]


def probability_of_saving(saving: FloatArray) -> float:
    """The share of paths on which the decoder saves money."""
    return float((saving > _NEGLIGIBLE).mean())


def verdict_of(probability: float) -> Verdict:
    if probability >= PAYS_FROM_PROBABILITY:
        return "pays"
    return "does_not_pay" if probability < DOES_NOT_PAY_BELOW_PROBABILITY else "marginal"
