"""What a gain depends on: the load that a fleet is sized for, and what a workload asks of the decoder."""

from collections.abc import Iterable
from dataclasses import dataclass

from forecasts.fleet.fleet import Fleet
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.model.requests import LengthDistribution, length_distribution
from forecasts.workload import OutputLengths, Workload

# From this temperature on, creative work is taken to be as hard to draft as such work has been measured to be.
HIGH_TEMPERATURE = 0.8


@dataclass(frozen=True, kw_only=True, eq=False)
class WorkloadConditions:
    """Of one workload: what is drafted, how long answers are, and what of their context is computed and read.

    `prefill_tokens` are the input that no cache holds; `context_tokens` are the mean of a request half-way through its
    answer.
    """

    task: str
    hard_to_draft: bool
    lengths: LengthDistribution
    prefill_tokens: float
    context_tokens: float

    @classmethod
    def of(cls, workload: Workload) -> "WorkloadConditions":
        demand = workload.demand
        hot = workload.temperature is not None and workload.temperature >= HIGH_TEMPERATURE
        return cls(
            task=workload.task,
            hard_to_draft=workload.task == "creative" and hot,
            lengths=length_distribution(demand.output_lengths),
            prefill_tokens=demand.input_tokens_per_request - demand.cached_input_tokens,
            context_tokens=demand.input_tokens_per_request + demand.output_tokens / 2.0,
        )

    @classmethod
    def of_measurement(cls, point: Measurement) -> "WorkloadConditions":
        """A benchmark gives every answer the same length."""
        lengths = OutputLengths(mean=point.output_tokens, histogram=((point.output_tokens, point.output_tokens, 1.0),))
        return cls(
            task=ORDINARY.task,
            hard_to_draft=False,
            lengths=length_distribution(lengths),
            prefill_tokens=point.input_tokens,
            context_tokens=point.context_tokens,
        )


# What a paper's live traffic is taken to be: chat with answers long enough not to matter.
ORDINARY = WorkloadConditions(
    task="chat",
    hard_to_draft=False,
    lengths=length_distribution(OutputLengths(mean=1000.0)),
    prefill_tokens=1000.0,
    context_tokens=1500.0,
)


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """The load at which a fleet is judged. Running requests are of one engine, of which a node may run several.

    `requests` and `requests_per_gpu` are those that the fleet is sized for; `measured_speed` is what one user got, in
    tokens per second, at the `measured_requests` of the stated throughput; `wanted_speed` is the strictest that a
    workload asks for.
    """

    requests: float
    requests_per_gpu: float
    measured_requests: float
    measured_speed: float
    wanted_speed: float | None = None

    @classmethod
    def of_measurement(cls, point: Measurement, fleet: Fleet) -> "OperatingPoint":
        """The load of a measured point; its speed plays no part in a gain at equal concurrency."""
        requests = point.concurrency / fleet.throughput.engines_per_node
        return cls(
            requests=requests,
            requests_per_gpu=point.concurrency / fleet.gpus_per_node,
            measured_requests=requests,
            measured_speed=fleet.throughput.output_tokens_per_second / point.concurrency,
        )


def operating_point(fleet: Fleet, workloads: Iterable[Workload]) -> OperatingPoint:
    """What the fleet is sized for. Without a stated concurrency it is one request, at which only constants are read."""
    rates = fleet.throughput
    on_node = rates.concurrency_per_node or float(rates.engines_per_node)
    sized = on_node * fleet.target_utilization_fraction
    speeds = [workload.min_tokens_per_second_per_user or 0.0 for workload in workloads]
    return OperatingPoint(
        requests=sized / rates.engines_per_node,
        requests_per_gpu=sized / fleet.gpus_per_node,
        measured_requests=on_node / rates.engines_per_node,
        measured_speed=rates.output_tokens_per_second / on_node,
        wanted_speed=max(speeds, default=0.0) or None,
    )
