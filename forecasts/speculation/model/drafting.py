"""What it costs to make a draft, by the kind of drafter."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray


class DraftKind(StrEnum):
    """How a draft comes about; the values are those of the catalogue."""

    AUTOREGRESSIVE = "autoregressive"  # a small head runs once per draft token: MTP, EAGLE
    ONE_PASS = "one_pass"  # noqa: S105 - a block of tokens at once: DFlash, DSpark
    NGRAM = "ngram"  # looked up in the text itself
    DRAFT_MODEL = "draft_model"  # a separate, smaller language model


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """A kind, and for a separate draft model its parameters in billions."""

    kind: DraftKind
    draft_params_b: float | None = None

    def __post_init__(self) -> None:
        if self.kind is DraftKind.DRAFT_MODEL and not (self.draft_params_b and self.draft_params_b > 0.0):
            raise ValueError("a separate draft model has parameters")


def drafting_time(
    drafting: Drafting, depth: int, requests: npt.ArrayLike, *, target: TargetModel, parameters: UpliftParameters
) -> FloatArray:
    """Time of drafting `depth` tokens for each of `requests` requests, in the unit of `step_time`; 0 for no draft.

    Shape: that of `requests`.
    """
    requests_ = np.asarray(requests, dtype=np.float64)
    if depth == 0:
        return np.zeros_like(requests_)
    if drafting.kind is DraftKind.NGRAM:
        return np.full_like(requests_, parameters.draft_overhead + parameters.lookup_time)
    if drafting.kind is DraftKind.ONE_PASS:
        alone = parameters.block_draft_time
    elif drafting.kind is DraftKind.DRAFT_MODEL:
        alone = depth * (parameters.draft_model_time + (drafting.draft_params_b or 0.0) / target.active_params_b)
    else:
        relative_size = (8.0 / target.active_params_b) ** parameters.draft_size_exponent
        alone = depth * parameters.draft_token_time * relative_size
    return parameters.draft_overhead + alone * (1.0 + requests_ / parameters.draft_knee_requests)
