"""What a fleet's decoder gains, as numbers to look at: by concurrency, by per-user speed, and where the fleet stands.

Only the shape: curves are lists of equal length over one grid, speeds and throughputs are of output tokens. A curve's
grid rises strictly. Bands are 80 % intervals over the draws, P10 to P90.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MeasuredSpeedup:
    """A measurement of the same method near the fleet's case. `used` says that the model was scaled through it."""

    concurrency: float
    speedup: float
    source: str
    used: bool


@dataclass(frozen=True, kw_only=True)
class SpeedupCurve:
    """Throughput with the decoder over throughput without, at the same running requests per node."""

    concurrency: tuple[float, ...]
    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p90: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ServingCurve:
    """Per-user speed and a node's throughput as the running requests per node grow: speed falls, throughput rises."""

    concurrency: tuple[float, ...]
    tokens_per_second_per_user: tuple[float, ...]
    tokens_per_second_per_node: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ServingPoint:
    """One point of a serving curve."""

    concurrency: float
    tokens_per_second_per_user: float
    tokens_per_second_per_node: float


@dataclass(frozen=True, kw_only=True)
class UpliftExplanation:
    """One fleet's decoder. `standing_*` are where the fleet is sized to run, without the decoder and with it.

    `speedup` is the one that the forecast used, on its `basis`; `equal_concurrency_speedup` is the height of the curve
    where the fleet stands. `required_tokens_per_second_per_user` is the strictest speed that a workload states.
    """

    fleet: str
    serves: str
    preset: str
    speedup_over: str
    basis: str
    speedup: float
    equal_concurrency_speedup: float
    required_tokens_per_second_per_user: float | None
    curve: SpeedupCurve
    measured: tuple[MeasuredSpeedup, ...]
    without_decoder: ServingCurve
    with_decoder: ServingCurve
    standing_without: ServingPoint
    standing_with: ServingPoint
