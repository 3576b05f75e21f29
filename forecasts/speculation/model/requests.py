"""From steps to whole requests: output lengths, decode share, and what prefill leaves of a speedup."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.step_time import step_coefficients, step_time
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray
from forecasts.workload import OutputLengths

_POINTS = 32
_POINTS_PER_BIN = 4
_P90_NORMAL = 1.2815515655446004


@dataclass(frozen=True, kw_only=True, eq=False)
class LengthDistribution:
    """Output tokens of a request as points with shares, both of shape `[points]`; shares add to 1."""

    tokens: FloatArray
    shares: FloatArray

    @property
    def mean(self) -> float:
        return float(self.tokens @ self.shares)


def length_distribution(lengths: OutputLengths) -> LengthDistribution:
    """What is declared of output lengths as points, none below one token.

    A histogram is spread evenly within its ranges. A median and a P90 give a log-normal. A mean alone gives an
    exponential, which fits production traces (ServeGen, arXiv 2505.09999).
    """
    if lengths.histogram:
        edges = np.array([(low, high) for low, high, _ in lengths.histogram])
        shares = np.array([share for _, _, share in lengths.histogram])
        within = (np.arange(_POINTS_PER_BIN) + 0.5) / _POINTS_PER_BIN
        tokens = (edges[:, :1] + (edges[:, 1:] - edges[:, :1]) * within).ravel()
        weights = np.repeat(shares / shares.sum() / _POINTS_PER_BIN, _POINTS_PER_BIN)
        return LengthDistribution(tokens=np.maximum(tokens, 1.0), shares=weights)
    level = (np.arange(_POINTS) + 0.5) / _POINTS
    if lengths.p50 is not None and lengths.p90 is not None:
        from scipy.special import ndtri

        sigma = np.log(lengths.p90 / lengths.p50) / _P90_NORMAL
        tokens = lengths.p50 * np.exp(sigma * ndtri(level))
    else:
        tokens = -np.log1p(-level)
        tokens *= lengths.mean / tokens.mean()
    return LengthDistribution(tokens=np.maximum(tokens, 1.0), shares=np.full(_POINTS, 1.0 / _POINTS))


def steps_per_request(acceptance_length: npt.ArrayLike, lengths: LengthDistribution) -> FloatArray:
    """Steps that a request takes on average: `1 + E[ceil((length - 1) / tau)]`, since prefill yields the first token.

    Shape: that of `acceptance_length`.
    """
    tau = np.asarray(acceptance_length, dtype=np.float64)
    steps = np.ones_like(tau)
    for tokens, share in zip(lengths.tokens.tolist(), lengths.shares.tolist(), strict=True):
        # The product of a whole number of steps with tau may miss the length by a rounding error.
        steps += share * np.ceil((tokens - 1.0) / tau - 1e-9)
    return steps


def effective_acceptance_length(acceptance_length: npt.ArrayLike, lengths: LengthDistribution) -> FloatArray:
    """Tokens per decode step over whole requests: the last step of each is cut short. At least 1, at most `tau`.

    It replaces `tau` in the speedup of a workload with short outputs. Shape: that of `acceptance_length`.
    """
    tau = np.asarray(acceptance_length, dtype=np.float64)
    plain = steps_per_request(np.ones(()), lengths) - 1.0
    if plain == 0.0:
        return np.ones_like(tau)
    return np.clip(plain / (steps_per_request(tau, lengths) - 1.0), 1.0, tau)


def decode_share(
    requests: npt.ArrayLike,
    *,
    output_tokens: npt.ArrayLike,
    input_tokens: npt.ArrayLike,
    cached_input_fraction: npt.ArrayLike = 0.0,
    context_tokens: npt.ArrayLike,
    target: TargetModel,
    parameters: UpliftParameters,
) -> FloatArray:
    """The fraction of an engine's time that goes into decoding, the rest being prefill; shape: all broadcast.

    `t / (t + input (1 - cached) / n_c)` with `t = output T(B, B) / B`. 0 where nothing is put out.
    """
    requests_ = np.asarray(requests, dtype=np.float64)
    step = step_time(requests_, requests_, context_tokens=context_tokens, target=target, parameters=parameters)
    decoding = np.asarray(output_tokens, dtype=np.float64) * step / requests_
    read = np.asarray(input_tokens, dtype=np.float64) * (1.0 - np.asarray(cached_input_fraction, dtype=np.float64))
    total = decoding + read / step_coefficients(target, parameters).knee_tokens
    return np.divide(decoding, total, out=np.zeros_like(total), where=total > 0.0)


def whole_request_speedup(speedup: npt.ArrayLike, decode_fraction: npt.ArrayLike) -> FloatArray:
    """Amdahl's law over a request: `1 / ((1 - f) + f / S)`; shape: both broadcast."""
    fraction = np.asarray(decode_fraction, dtype=np.float64)
    ratio: FloatArray = 1.0 / ((1.0 - fraction) + fraction / np.asarray(speedup, dtype=np.float64))
    return ratio
