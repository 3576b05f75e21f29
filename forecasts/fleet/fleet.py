"""What a customer declares about a self-hosted fleet: nodes, throughput and what they cost."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forecasts.fleet.scaling.terms import Fixed, Scaling
from forecasts.speculation.decoder import Decoder
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import Month
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """Sustained rates of one node, with the decoder named in `measured_with`.

    `combined` means that the output rate counts the whole request's time, prefill included. An input rate of None
    means that input is not a bottleneck. `engines_per_node` replicas of the model share the concurrency of a node.
    """

    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    engines_per_node: int = 1
    measured_with: str = "none"


@dataclass(frozen=True, kw_only=True)
class DatedRate:
    """A rate from a day on; None is from the beginning."""

    starts: date | None
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Rented:
    """Nodes paid by the hour, used or not."""

    rates: tuple[DatedRate, ...]


@dataclass(frozen=True, kw_only=True)
class Owned:
    """Nodes bought once and depreciated by straight line over full months, with their running costs."""

    purchase_price_per_node: Decimal
    purchased: date
    in_service: date
    useful_life_months: int
    residual_fraction: Decimal = Decimal(0)
    hosting_per_node_year: Decimal = Decimal(0)
    licence_per_gpu_year: Decimal = Decimal(0)
    power_kw_per_node: float = 0.0
    idle_power_fraction: float = 0.0
    pue: float = 1.0
    electricity_per_kwh: Decimal = Decimal(0)
    operations_per_month: Decimal = Decimal(0)


FleetCost = Rented | Owned


@dataclass(frozen=True, kw_only=True)
class OneOff:
    """A single amount in a month, such as the retraining of a draft module."""

    month: Month
    amount: Decimal
    what: str
    gpu_hours: float | None = None


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
