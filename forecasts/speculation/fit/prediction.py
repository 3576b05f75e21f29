"""Predicts many measurements at once, each by its own model, drafter, draft length and load."""

from dataclasses import dataclass

import numpy as np

from forecasts.speculation.fit.methods import DRAFT_RATIO, METHODS
from forecasts.speculation.fit.rows import EvidenceRows, kinds_in
from forecasts.speculation.model.acceptance import acceptance_length
from forecasts.speculation.model.drafting import (
    DraftCoefficients,
    DraftKind,
    draft_coefficients_by_size,
    drafting_time,
    verified_tokens,
)
from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.requests import whole_request_speedup
from forecasts.speculation.model.step_time import (
    StepCoefficients,
    requests_time,
    step_coefficients_by_size,
    weights_time,
)
from forecasts.timeline import FloatArray

_BASELINE = METHODS["mtp-1"]


def lengths_at(first: FloatArray, rows: EvidenceRows) -> FloatArray:
    """Acceptance lengths at each row's draft length, shape `[rows]`."""
    lengths = np.empty(rows.count)
    for depth in np.unique(rows.depth):
        chosen = rows.depth == depth
        lengths[chosen] = acceptance_length(first[chosen], rows.rho[chosen], int(depth))
    return lengths


@dataclass(frozen=True, kw_only=True, eq=False)
class Acceptances:
    """What is taken to be known of acceptance, all of shape `[rows]`.

    `length` is at the row's draft length; `baseline_first` is of the MTP-1 that some rows are measured over.
    """

    first: FloatArray
    length: FloatArray
    baseline_first: FloatArray


def predict_speedups(rows: EvidenceRows, acceptances: Acceptances, parameters: UpliftParameters) -> FloatArray:
    """The speedup of each row over its own baseline, shape `[rows]`.

    A row measured over MTP-1 is of a production deployment whose experts are spread wide, so they count as saturated.
    """
    steps = step_coefficients_by_size(
        rows.active_params_b, rows.total_params_b, experts_saturated=rows.over_mtp, parameters=parameters
    )
    drafts = _draft_coefficients(rows, parameters)
    speedup = _speedup(rows, rows.depth, acceptances.length, acceptances.first, steps, drafts)
    if rows.adaptive.any():
        speedup = np.where(rows.adaptive, _adaptive(rows, acceptances.first, steps, drafts), speedup)
    if rows.over_mtp.any():
        heads = draft_coefficients_by_size(
            _BASELINE.kind, rows.active_params_b, draft_ratio=0.0, tree=False, parameters=parameters
        )
        one = np.ones(rows.count)
        baseline = _speedup(rows, one, 1.0 + acceptances.baseline_first, acceptances.baseline_first, steps, heads)
        speedup = np.where(rows.over_mtp, speedup / baseline, speedup)
    return speedup


def _speedup(
    rows: EvidenceRows,
    depth: FloatArray,
    length: FloatArray,
    first: FloatArray,
    steps: StepCoefficients,
    drafts: DraftCoefficients,
) -> FloatArray:
    """Of whole requests where the metric counts prefill, else of decoding."""
    reading = requests_time(rows.requests, rows.context_tokens, steps)
    plain = weights_time(rows.requests, steps) + reading
    verified = verified_tokens(depth, first, drafts)
    drafted = weights_time(rows.requests * (1.0 + verified), steps) + reading
    drafted += drafting_time(depth, rows.requests, drafts)
    decoding = rows.output_tokens * plain / rows.requests
    share = decoding / (decoding + rows.prefill_tokens / steps.knee_tokens)
    return whole_request_speedup(length * plain / drafted, share)


def _adaptive(rows: EvidenceRows, first: FloatArray, steps: StepCoefficients, drafts: DraftCoefficients) -> FloatArray:
    """The best draft length up to the row's own, none included."""
    best = np.ones(rows.count)
    for tried in range(1, int(rows.depth.max()) + 1):
        depth = np.minimum(rows.depth, tried)
        length = np.asarray(acceptance_length(first, rows.rho, tried))
        speedup = _speedup(rows, depth, length, first, steps, drafts)
        best = np.where(tried <= rows.depth, np.maximum(best, speedup), best)
    return best


def _draft_coefficients(rows: EvidenceRows, parameters: UpliftParameters) -> DraftCoefficients:
    """Each row's own, whatever drafts for it."""
    fixed, once, each, hit = (np.zeros(rows.count) for _ in range(4))
    for kind in kinds_in(rows):
        chosen = rows.kind == kind.value
        own = draft_coefficients_by_size(
            DraftKind(kind),
            rows.active_params_b[chosen],
            draft_ratio=DRAFT_RATIO,
            tree=rows.tree[chosen],
            parameters=parameters,
        )
        fixed[chosen], once[chosen], each[chosen], hit[chosen] = own.fixed, own.once, own.each, own.hit_acceptance
    return DraftCoefficients(
        fixed=fixed, once=once, each=each, knee_requests=parameters.draft_knee_requests, hit_acceptance=hit
    )
