"""What a decoder saves: the difference of two runs on the same draws, and the reasons where it saves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from forecasts.budgeting.tally import Distribution, Spread
from forecasts.timeline import FloatArray

Verdict = Literal["pays", "marginal", "does_not_pay"]
ReasonCode = Literal[
    "no_node_removed",
    "idle_capacity",
    "already_accelerated",
    "short_outputs",
    "low_acceptance",
    "prefill_bound",
    "compute_bound",
]
REASON_CODES: tuple[ReasonCode, ...] = get_args(ReasonCode)

PAYS_FROM_PROBABILITY = 0.8
DOES_NOT_PAY_BELOW_PROBABILITY = 0.2
# A difference below a hundredth of the smallest coin is rounding, not a saving.
_NEGLIGIBLE = 1e-4


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a decoder does not pay: the node-hours that are missed, as money in the currency and as output tokens."""

    code: ReasonCode
    money: float
    tokens: float


@dataclass(frozen=True, kw_only=True)
class DecoderVerdict:
    """Whether a decoder pays for one workload of a fleet; `saving` is its part of the fleet's.

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


def shared_by_cause(saving: FloatArray, given_back: Sequence[FloatArray]) -> list[FloatArray]:
    """Each workload's part of a fleet's saving, by the node-hours it gives back; all of shape `[draws]`.

    What is saved goes to those that give hours back, and what is lost to those that take more. Where there are none of
    the sign, as where training costs more than it brings, all bear it by the hours they move. Without any hours moved
    a saving belongs to no workload.
    """
    moved: FloatArray = np.array([np.abs(hours) for hours in given_back]).reshape(-1, saving.size)
    caused = np.array([np.maximum(hours * np.sign(saving), 0.0) for hours in given_back]).reshape(-1, saving.size)
    weights = np.where(caused.sum(axis=0) > 0.0, caused, moved)
    total = weights.sum(axis=0)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)
    return list(saving * shares)


def verdict_of(probability: float) -> Verdict:
    if probability >= PAYS_FROM_PROBABILITY:
        return "pays"
    return "does_not_pay" if probability < DOES_NOT_PAY_BELOW_PROBABILITY else "marginal"
