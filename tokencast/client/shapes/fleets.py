"""Shapes of the API, of fleets: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.service import PertIn
    from tokencast.client.shapes.workloads import ModelIn


class AcceptanceIn(TypedDict):
    """What is known of a decoder's acceptance: exactly one of three figures that engines report.

    `rate` is the share of all draft tokens that the target kept. `length` is tokens per step, with the step's own bonus
    token unless `length_includes_bonus` is false. `by_position` has the share of steps that kept draft token 1, 2, ...
    """

    rate: NotRequired[float | None]
    length: NotRequired[float | None]
    length_includes_bonus: NotRequired[bool]
    by_position: NotRequired[list[float] | None]


class BenchmarkIn(TypedDict):
    """Which packaged series: `model` is what the fleet serves unless it is named; null is any of what was measured."""

    model: NotRequired[str | None]
    engine: NotRequired[str | None]
    precision: NotRequired[str | None]
    spec_decode: NotRequired[str | None]
    input_tokens: NotRequired[int | None]
    output_tokens: NotRequired[int | None]
    serving: NotRequired[Literal["aggregated", "disaggregated"] | None]


class CommitmentIn(TypedDict):
    """`upfront` is for the layer as a whole; `ends` is its last day."""

    nodes: int
    rate_per_node_hour: str
    starts: str
    ends: str
    upfront: NotRequired[str]
    invoiced: NotRequired[str | None]


class CommittedIn(TypedDict):
    """Nodes paid for by the hour throughout terms, and on demand beyond them."""

    kind: Literal["committed"]
    hosting_per_node_year: NotRequired[str]
    licence_per_gpu_year: NotRequired[str]
    power_kw_per_node: NotRequired[float]
    idle_power_fraction: NotRequired[float]
    pue: NotRequired[float]
    electricity_per_kwh: NotRequired[str]
    operations_per_month: NotRequired[str]
    commitments: list[CommitmentIn]
    on_demand_rate_per_node_hour: NotRequired[str | None]
    on_demand_rates: NotRequired[list[DatedRateIn] | None]


DatedRateIn = TypedDict(
    "DatedRateIn",
    {
        "from": "str",
        "rate_per_node_hour": "str",
    },
)
"""A rate from a day on."""
DecoderIn = TypedDict(
    "DecoderIn",
    {
        "preset": "NotRequired[str]",
        "speedup": "NotRequired[float | PertIn | None]",
        "speedup_over": "NotRequired[str]",
        "basis": "NotRequired[Literal['equal_concurrency', 'matched_speed', 'matched_throughput'] | None]",
        "num_speculative_tokens": "NotRequired[int | None]",
        "draft_params_b": "NotRequired[float | None]",
        "acceptance": "NotRequired[AcceptanceIn | None]",
        "from": "NotRequired[str | None]",
    },
)
"""A fleet's speculative decoder: a preset, and what is known of it beside."""


class DisposalIn(TypedDict):
    """The sale or scrapping of owned nodes."""

    on: str
    proceeds_per_node: NotRequired[str]


class FleetIn(TypedDict):
    """Nodes that serve one model: what they sustain, how many there are, and what they cost."""

    name: str
    cost_center: NotRequired[str]
    gl_accounts: NotRequired[dict[str, str]]
    accelerator: str
    gpus_per_node: NotRequired[int]
    nodes: int
    serves: str
    model_size: NotRequired[ModelSizeIn | None]
    throughput: ThroughputIn
    target_utilization_fraction: NotRequired[float]
    burst_factor: NotRequired[float]
    overflow_to: NotRequired[ModelIn | None]
    scaling: NotRequired[ScalingIn]
    replica: NotRequired[ReplicaIn]
    currency: NotRequired[str | None]
    cost: RentedIn | CommittedIn | OwnedIn | LeasedIn
    one_offs: NotRequired[list[OneOffIn]]
    decoder: NotRequired[DecoderIn]


class FleetOut(TypedDict):
    """A stored fleet with its identity."""

    name: str
    cost_center: NotRequired[str]
    gl_accounts: NotRequired[dict[str, str]]
    accelerator: str
    gpus_per_node: NotRequired[int]
    nodes: int
    serves: str
    model_size: NotRequired[ModelSizeIn | None]
    throughput: ThroughputIn
    target_utilization_fraction: NotRequired[float]
    burst_factor: NotRequired[float]
    overflow_to: NotRequired[ModelIn | None]
    scaling: NotRequired[ScalingIn]
    replica: NotRequired[ReplicaIn]
    currency: NotRequired[str | None]
    cost: RentedIn | CommittedIn | OwnedIn | LeasedIn
    one_offs: NotRequired[list[OneOffIn]]
    decoder: NotRequired[DecoderIn]
    id: str
    version: int
    plan_id: str | None
    created_at: str
    updated_at: str


class FleetPage(TypedDict):
    """A page of fleets."""

    items: list[FleetOut]
    next_cursor: str | None


class GrowthIn(TypedDict):
    """Life and residual are the cost's own, and the lead time is the policy's, where growth does not say otherwise."""

    purchase_price_per_node: str
    lead_time_months: NotRequired[int | None]
    useful_life_months: NotRequired[int | None]
    residual_fraction: NotRequired[str | None]


class LeasedIn(TypedDict):
    """The right to nodes for a term against monthly payments."""

    kind: Literal["leased"]
    hosting_per_node_year: NotRequired[str]
    licence_per_gpu_year: NotRequired[str]
    power_kw_per_node: NotRequired[float]
    idle_power_fraction: NotRequired[float]
    pue: NotRequired[float]
    electricity_per_kwh: NotRequired[str]
    operations_per_month: NotRequired[str]
    payment_per_node_month: str
    starts: str
    ends: str
    rent_free_months: NotRequired[int]
    escalation_fraction_per_year: NotRequired[str]


class ModelSizeIn(TypedDict):
    """Parameters in billions: all, and those that one token uses (the same for a dense model)."""

    total_params_b: float
    active_params_b: NotRequired[float | None]
    wide_expert_parallel: NotRequired[bool]


class OneOffIn(TypedDict):
    """With `gpu_hours` a training run, whose amount a fleet hired by the hour can work out."""

    month: str
    amount: NotRequired[str | None]
    what: str
    gpu_hours: NotRequired[float | None]


class OwnedIn(TypedDict):
    """One purchase of all the fleet's nodes, or `tranches` of several."""

    kind: Literal["owned"]
    hosting_per_node_year: NotRequired[str]
    licence_per_gpu_year: NotRequired[str]
    power_kw_per_node: NotRequired[float]
    idle_power_fraction: NotRequired[float]
    pue: NotRequired[float]
    electricity_per_kwh: NotRequired[str]
    operations_per_month: NotRequired[str]
    purchase_price_per_node: NotRequired[str | None]
    purchased: NotRequired[str | None]
    in_service: NotRequired[str | None]
    tranches: NotRequired[list[TrancheIn] | None]
    useful_life_months: int
    residual_fraction: NotRequired[str]
    method: NotRequired[Literal["declining_balance", "straight_line", "sum_of_years_digits", "units_of_production"]]
    convention: NotRequired[Literal["full_month", "mid_month"]]
    declining_balance_factor: NotRequired[float | None]
    production: NotRequired[ProductionIn | None]
    disposal: NotRequired[DisposalIn | None]
    growth: NotRequired[GrowthIn | None]


class ProductionIn(TypedDict):
    """Units that one node produces: output tokens served, or hours in which it is busy."""

    unit: Literal["busy_node_hours", "output_tokens"]
    total_per_node: float
    before_horizon_per_node: NotRequired[float | None]


class RentedIn(TypedDict):
    """Nodes hired by the hour."""

    kind: Literal["rented"]
    hosting_per_node_year: NotRequired[str]
    licence_per_gpu_year: NotRequired[str]
    power_kw_per_node: NotRequired[float]
    idle_power_fraction: NotRequired[float]
    pue: NotRequired[float]
    electricity_per_kwh: NotRequired[str]
    operations_per_month: NotRequired[str]
    rate_per_node_hour: NotRequired[str | None]
    rates: NotRequired[list[DatedRateIn] | None]


class ReplicaIn(TypedDict):
    """Sizes that the catalogue does not know, or knows for another precision; absent ones are the catalogue's."""

    weights_gb: NotRequired[float | None]
    kv_bytes_per_token: NotRequired[float | None]


class ScalingIn(TypedDict):
    """`fixed` keeps the fleet's nodes, `monthly` orders them ahead, `hourly` follows the hours of the week."""

    policy: NotRequired[Literal["fixed", "hourly", "monthly"]]
    min_nodes: NotRequired[int | None]
    max_nodes: NotRequired[int | None]
    spare_nodes: NotRequired[int]
    lead_time_months: NotRequired[int | None]
    hysteresis_fraction: NotRequired[float | None]


class ThroughputIn(TypedDict):
    """What one node sustains, declared or by a packaged benchmark."""

    output_tokens_per_second: NotRequired[float | None]
    benchmark: NotRequired[BenchmarkIn | None]
    input_tokens_per_second: NotRequired[float | None]
    input_includes_cached: NotRequired[bool]
    combined: NotRequired[bool]
    concurrency_per_node: NotRequired[float | None]
    engines_per_node: NotRequired[int]
    measured_with: NotRequired[str]


class TrancheIn(TypedDict):
    """Life and residual are the cost's own where a tranche does not say otherwise."""

    name: NotRequired[str | None]
    nodes: int
    purchase_price_per_node: str
    purchased: str
    in_service: str
    useful_life_months: NotRequired[int | None]
    residual_fraction: NotRequired[str | None]
    disposal: NotRequired[DisposalIn | None]
