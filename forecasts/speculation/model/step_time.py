"""Time of one step of the target model: reading weights and experts, computing, reading each request's context."""

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray


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
    return weights_time(tokens, target, parameters) + requests_time(
        requests, context_tokens=context_tokens, target=target, parameters=parameters
    )


def weights_time(tokens: npt.ArrayLike, target: TargetModel, parameters: UpliftParameters) -> FloatArray:
    """The part that depends on the positions in a step alone: `1 + m (1 - exp(-n / n_e)) + n / n_c`."""
    tokens_ = np.asarray(tokens, dtype=np.float64)
    time = 1.0 + tokens_ / parameters.knee_tokens(moe=target.is_moe)
    if target.is_moe:
        ratio = target.expert_ratio
        most = parameters.expert_time * (ratio - 1.0) ** parameters.expert_time_exponent
        if target.experts_saturated:
            time += most
        else:
            time -= most * np.expm1(-tokens_ / (parameters.expert_tokens * ratio))
    return time


def requests_time(
    requests: npt.ArrayLike, *, context_tokens: npt.ArrayLike, target: TargetModel, parameters: UpliftParameters
) -> FloatArray:
    """The part that each running request costs once, however many draft tokens it brings: `B (q + L / kappa)`."""
    per_request = (
        parameters.request_time(moe=target.is_moe)
        + np.asarray(context_tokens, dtype=np.float64) / parameters.context_tokens
    )
    return np.asarray(requests, dtype=np.float64) * per_request
