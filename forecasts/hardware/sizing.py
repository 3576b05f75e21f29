"""How many whole nodes of a measured deployment a workload needs, and what a million of its tokens then costs."""

import math
from dataclasses import dataclass
from typing import Literal

from forecasts.hardware.series import BenchmarkSeries, OperatingPoint
from forecasts.timeline import FloatArray
from forecasts.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK

GPUS_PER_NODE = 8
# Runs of fixed lengths scatter around the share of output that their lengths have by less than this.
_SCATTER = 0.03
BoundBy = Literal["output", "total"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ServedLoad:
    """A workload as hardware sees it: mean requests and hours by month, shape `[months]`, and its hours of the week.

    Input is what is computed: tokens read from a cache are no part of it.
    """

    requests: FloatArray
    hours: FloatArray
    hourly_weights: FloatArray
    input_tokens_per_request: float
    output_tokens_per_request: float
    min_tokens_per_second_per_user: float | None = None
    target_utilization_fraction: float = 1.0
    burst_factor: float = 1.0

    @property
    def output_tokens(self) -> float:
        """Over all months."""
        return float(self.requests.sum()) * self.output_tokens_per_request

    @property
    def output_share(self) -> float:
        return self.output_tokens_per_request / (self.input_tokens_per_request + self.output_tokens_per_request)

    @property
    def peak_output_tokens_per_second(self) -> float:
        """In the busiest hour of the week of the busiest month, with room for bursts and the target utilisation."""
        mean = float((self.requests / self.hours).max()) * self.output_tokens_per_request / SECONDS_PER_HOUR
        return mean * float(self.hourly_weights.max()) * self.burst_factor / self.target_utilization_fraction


@dataclass(frozen=True, kw_only=True)
class SizedDeployment:
    """Whole nodes of a series at an operating point. A node is eight GPUs, or the deployment where that is no divisor.

    `output_tokens_per_second_per_gpu` is of the workload's own mix of input and output; `bound_by` says which measured
    rate it reaches first: that of output, or clearly before it that of all tokens.
    """

    series: BenchmarkSeries
    point: OperatingPoint
    output_tokens_per_second_per_gpu: float
    bound_by: BoundBy
    gpus_per_node: int
    nodes: int
    utilization_fraction: float
    paid_hours: float
    served_output_tokens: float

    @property
    def gpus(self) -> int:
        return self.nodes * self.gpus_per_node

    def usd_per_mtok_served(self, usd_per_gpu_hour: float) -> float:
        """Per million output tokens, at the utilisation that whole nodes for the peak leave."""
        return usd_per_gpu_hour * self.gpus * self.paid_hours / self.served_output_tokens * TOKENS_PER_MTOK

    def usd_per_mtok_full_load(self, usd_per_gpu_hour: float) -> float:
        """Per million output tokens, every GPU busy in every second at the workload's mix."""
        return usd_per_gpu_hour / (SECONDS_PER_HOUR * self.output_tokens_per_second_per_gpu) * TOKENS_PER_MTOK

    def usd_per_mtok_of_all_tokens(self, usd_per_gpu_hour: float) -> float:
        """Per million tokens of input and output together at full load and the measured lengths, as sources quote."""
        return usd_per_gpu_hour / (SECONDS_PER_HOUR * self.point.total_tokens_per_second_per_gpu) * TOKENS_PER_MTOK


def size_deployment(load: ServedLoad, series: BenchmarkSeries, point: OperatingPoint) -> SizedDeployment:
    """A deployment that serves the load's busiest hour. The load must have output tokens.

    A GPU yields output at the measured rate of output, unless the workload's input is longer in proportion: then it
    takes in and gives out no more than the measured rate of all tokens. Neither measured rate is ever exceeded.
    """
    by_total = point.total_tokens_per_second_per_gpu * load.output_share
    rate = min(point.output_tokens_per_second_per_gpu, by_total)
    gpus_per_node = GPUS_PER_NODE if GPUS_PER_NODE % series.gpus == 0 else series.gpus
    need = load.peak_output_tokens_per_second / (rate * gpus_per_node)
    nodes = max(1, math.ceil(need - 1e-9))
    paid_hours = float(load.hours.sum())
    capacity = rate * gpus_per_node * nodes * paid_hours * SECONDS_PER_HOUR
    return SizedDeployment(
        series=series,
        point=point,
        output_tokens_per_second_per_gpu=rate,
        bound_by="total" if by_total < (1.0 - _SCATTER) * point.output_tokens_per_second_per_gpu else "output",
        gpus_per_node=gpus_per_node,
        nodes=nodes,
        utilization_fraction=load.output_tokens / capacity,
        paid_hours=paid_hours,
        served_output_tokens=load.output_tokens,
    )
