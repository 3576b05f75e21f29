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
    """A kind; for a separate draft model its parameters in billions; for a head, whether it drafts several branches."""

    kind: DraftKind
    draft_params_b: float | None = None
    tree: bool = False

    def __post_init__(self) -> None:
        if self.kind is DraftKind.DRAFT_MODEL and not (self.draft_params_b and self.draft_params_b > 0.0):
            raise ValueError("a separate draft model has parameters")


@dataclass(frozen=True, kw_only=True, eq=False)
class DraftCoefficients:
    """Time of a draft of `g` tokens: `fixed + (once + g each) (1 + B / knee_requests)`; scalars or arrays of a shape.

    `hit_acceptance` is the first-position acceptance at which every step has a draft; 0 where there always is one.
    """

    fixed: FloatArray
    once: FloatArray
    each: FloatArray
    knee_requests: float
    hit_acceptance: FloatArray


def draft_coefficients(drafting: Drafting, target: TargetModel, parameters: UpliftParameters) -> DraftCoefficients:
    """What the parameters say of one drafter before one target."""
    return draft_coefficients_by_size(
        drafting.kind,
        target.active_params_b,
        draft_ratio=(drafting.draft_params_b or 0.0) / target.active_params_b,
        tree=drafting.tree,
        parameters=parameters,
    )


def draft_coefficients_by_size(
    kind: DraftKind,
    active_params_b: npt.ArrayLike,
    *,
    draft_ratio: npt.ArrayLike,
    tree: npt.ArrayLike,
    parameters: UpliftParameters,
) -> DraftCoefficients:
    """The same for arrays of targets; `draft_ratio` is a draft model's parameters over the target's active ones."""
    active = np.asarray(active_params_b, dtype=np.float64)
    zero = np.zeros_like(active)
    once, each, fixed, hit = zero, zero, zero + parameters.draft_overhead, zero
    if kind is DraftKind.NGRAM:
        fixed = fixed + parameters.lookup_time
        hit = zero + parameters.lookup_hit_acceptance
    elif kind is DraftKind.ONE_PASS:
        once = zero + parameters.block_draft_time
    elif kind is DraftKind.DRAFT_MODEL:
        each = parameters.draft_model_time + np.asarray(draft_ratio, dtype=np.float64) + zero
    else:
        branches = np.where(tree, parameters.tree_draft_factor, 1.0)
        each = parameters.draft_token_time * (8.0 / active) ** parameters.draft_size_exponent * branches
    return DraftCoefficients(
        fixed=fixed, once=once, each=each, knee_requests=parameters.draft_knee_requests, hit_acceptance=hit
    )


def drafting_time(depth: npt.ArrayLike, requests: FloatArray, drafts: DraftCoefficients) -> FloatArray:
    """Time of drafting `depth` tokens for each of `requests` requests, in the unit of `step_time`; 0 for no draft."""
    depth_ = np.asarray(depth, dtype=np.float64)
    time = drafts.fixed + (drafts.once + depth_ * drafts.each) * (1.0 + requests / drafts.knee_requests)
    drafted: FloatArray = np.where(depth_ > 0.0, time, 0.0)
    return drafted


def verified_tokens(depth: npt.ArrayLike, first: npt.ArrayLike, drafts: DraftCoefficients) -> FloatArray:
    """Draft tokens that a step verifies for a request: fewer than `depth` where a draft is not always found.

    A text that matches often is also kept often, so the share of steps with a draft is `first / hit_acceptance`.
    """
    depth_ = np.asarray(depth, dtype=np.float64)
    if not np.any(drafts.hit_acceptance):
        return depth_
    needed = np.where(drafts.hit_acceptance > 0.0, drafts.hit_acceptance, 1.0)
    share = np.where(drafts.hit_acceptance > 0.0, np.minimum(np.asarray(first) / needed, 1.0), 1.0)
    return depth_ * share
