"""Time of one step of the target model: reading weights and experts, computing, reading each request's context."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray

# So few that one position reads every expert, and still no division by zero.
_AT_ONCE = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class StepCoefficients:
    """The parameters as they apply to a target, or to many: scalars, or arrays of one shape."""

    knee_tokens: FloatArray
    request_time: FloatArray
    context_tokens: float
    expert_time: FloatArray
    expert_tokens: FloatArray


def step_coefficients(target: TargetModel, parameters: UpliftParameters) -> StepCoefficients:
    """What the parameters say of one target."""
    return step_coefficients_by_size(
        target.active_params_b, target.total_params_b, experts_saturated=target.experts_saturated, parameters=parameters
    )


def step_coefficients_by_size(
    active_params_b: npt.ArrayLike,
    total_params_b: npt.ArrayLike,
    *,
    experts_saturated: npt.ArrayLike,
    parameters: UpliftParameters,
) -> StepCoefficients:
    """The same for arrays of targets: `m = m0 (R - 1)**mc` and `n_e = e0 R` for `R` total over active parameters."""
    ratio = np.asarray(total_params_b, dtype=np.float64) / np.asarray(active_params_b, dtype=np.float64)
    moe = ratio > TargetModel.DENSE_RATIO
    beyond = np.where(moe, ratio - 1.0, 1.0)
    return StepCoefficients(
        knee_tokens=np.where(moe, parameters.knee_tokens_moe, parameters.knee_tokens_dense),
        request_time=np.where(moe, parameters.request_time_moe, parameters.request_time_dense),
        context_tokens=parameters.context_tokens,
        expert_time=np.where(moe, parameters.expert_time * beyond**parameters.expert_time_exponent, 0.0),
        expert_tokens=np.where(experts_saturated, _AT_ONCE, parameters.expert_tokens * ratio),
    )


def step_time(
    tokens: npt.ArrayLike,
    requests: npt.ArrayLike,
    *,
    context_tokens: npt.ArrayLike,
    target: TargetModel,
    parameters: UpliftParameters,
) -> FloatArray:
    """Time of a step that runs `tokens` positions of `requests` requests with a mean context of `context_tokens`.

    In units of the load-independent part, so 1 at no load (docs/model.md, "Speculative decoding"). Shape: the
    arguments broadcast.
    """
    steps = step_coefficients(target, parameters)
    return weights_time(np.asarray(tokens, dtype=np.float64), steps) + requests_time(
        np.asarray(requests, dtype=np.float64), np.asarray(context_tokens, dtype=np.float64), steps
    )


def weights_time(tokens: FloatArray, steps: StepCoefficients) -> FloatArray:
    """The part that depends on the positions in a step alone: `1 + m (1 - exp(-n / n_e)) + n / n_c`."""
    time = 1.0 + tokens / steps.knee_tokens
    if np.any(steps.expert_time):
        time = time - steps.expert_time * np.expm1(-tokens / steps.expert_tokens)
    return time


def requests_time(requests: FloatArray, context_tokens: FloatArray, steps: StepCoefficients) -> FloatArray:
    """The part that each running request costs once, however many draft tokens it brings: `B (q + L / kappa)`."""
    return requests * (steps.request_time + context_tokens / steps.context_tokens)
