"""What a customer declares about a self-hosted fleet: nodes, throughput and what they cost."""

from dataclasses import dataclass, field

from forecasts.fleet.costs.terms import FleetCost, OneOff
from forecasts.speculation.decoder import Decoder
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """Sustained rates of one node, with the decoder named in `measured_with`.

    `combined` means that the output rate counts the whole request's time, prefill included. An input rate of None
    means that input is not a bottleneck.
    """

    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    measured_with: str = "none"


@dataclass(frozen=True, kw_only=True)
class Fleet:
    name: str
    cost_center: str = ""
    gl_accounts: dict[str, str] = field(default_factory=dict)
    accelerator: str
    gpus_per_node: int
    nodes: int
    spare_nodes: int = 0
    serves: str
    throughput: Throughput
    target_utilization_fraction: float = 1.0
    burst_factor: float = 1.0
    overflow_to: ApiRoute | None = None
    currency: str = "USD"
    cost: FleetCost
    one_offs: tuple[OneOff, ...] = ()
    decoder: Decoder = field(default_factory=Decoder)
