"""What a customer declares about a self-hosted fleet: nodes, throughput and what they cost."""

from dataclasses import dataclass, field

from forecasts.fleet.costs.terms import FleetCost, OneOff
from forecasts.fleet.scaling.terms import Fixed, Scaling
from forecasts.speculation.decoder import Decoder
from forecasts.speculation.model.target import TargetModel
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """Sustained rates of one node, with the decoder named in `measured_with`.

    `combined` means that the output rate counts the whole request's time, prefill included. An input rate of None
    means that input is not a bottleneck. `engines_per_node` replicas of the model share the concurrency of a node.
    `evidence` says which benchmark the rates are of, where nobody measured them on the fleet itself.
    """

    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    engines_per_node: int = 1
    measured_with: str = "none"
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Replica:
    """What one copy of the served model takes, where the catalogue does not know it; None asks the catalogue."""

    weights_gb: float | None = None
    kv_bytes_per_token: float | None = None


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
    model_size: TargetModel | None = None
    throughput: Throughput
    target_utilization_fraction: float = 1.0
    burst_factor: float = 1.0
    overflow_to: ApiRoute | None = None
    scaling: Scaling = field(default_factory=Fixed)
    replica: Replica = field(default_factory=Replica)
    currency: str = "USD"
    cost: FleetCost
    one_offs: tuple[OneOff, ...] = ()
    decoder: Decoder = field(default_factory=Decoder)
