"""Shapes of the API, of hardware: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.plans import PlanIn
    from tokencast.client.shapes.service import Money


class BenchmarkOut(TypedDict):
    """The deployment, the point at which it runs, and the measured rows that the point rests on.

    `basis` is `measured` or `interpolated`. `input_share` is of all tokens at the measured lengths.
    """

    model: str
    engine: str
    serving: str
    precision: str
    spec_decode: str
    gpus: int
    lengths: LengthsOut
    basis: str
    concurrency: float
    output_tokens_per_second_per_gpu: float
    total_tokens_per_second_per_gpu: float
    tokens_per_second_per_user: float | None
    input_share: float
    rows: list[BenchmarkRowOut]


class BenchmarkRowOut(TypedDict):
    """One measured row of the packaged evidence."""

    concurrency: float
    output_tokens_per_second_per_gpu: float
    total_tokens_per_second_per_gpu: float
    tokens_per_second_per_user: float | None
    measured_on: str
    grade: str
    source: str


class ComparedWorkloadOut(TypedDict):
    """The workload as it was compared. Input is without what is read from a cache; volumes are means over the draws."""

    name: str
    first_month: str
    months: int
    requests_per_month: list[float]
    output_tokens: float
    peak_output_tokens_per_second: float
    input_tokens_per_request: float
    output_tokens_per_request: float
    min_tokens_per_second_per_user: float | None
    target_utilization_fraction: float
    burst_factor: float


class ComparisonIn(TypedDict):
    """`workload` is one of the `plan`'s, or of the workspace where no plan is sent."""

    as_of: NotRequired[str | None]
    tier: NotRequired[str]
    provider: NotRequired[str | None]
    accelerators: NotRequired[list[str] | None]
    model: NotRequired[str | None]
    engine: NotRequired[str | None]
    precision: NotRequired[str | None]
    spec_decode: NotRequired[str | None]
    serving: NotRequired[Literal["aggregated", "disaggregated"] | None]
    workload: str
    plan: NotRequired[PlanIn | None]


class FleetPlanIn(TypedDict):
    """`fleet` is one of the `plan`'s, or of the workspace where no plan is sent."""

    max_unserved_probability: NotRequired[float]
    policies: NotRequired[list[Literal["fixed", "hourly", "monthly"]] | None]
    fleet: str
    plan: NotRequired[PlanIn | None]


class FleetPlanOut(TypedDict):
    """`recommended` is null where no mix was found that keeps the risk. `saving` is of the given mix, path by path."""

    fleet: str
    currency: str
    max_unserved_probability: float
    seed: int
    draws: int
    search_draws: int
    given: MixOut
    given_meets_risk: bool
    recommended: MixOut | None
    saving: Money | None
    probability_of_saving: float | None
    by_policy: list[MixOut]
    reasons: list[PlanReasonOut]
    notes: list[str]


class HardwareComparisonOut(TypedDict):
    """`options` begin with the cheapest served token. Rankings and pairs move the rates alone."""

    as_of: str
    currency: str
    workload: ComparedWorkloadOut
    model: str
    tier: str
    provider: str | None
    measured_at: LengthsOut | None
    options: list[HardwareOut]
    without_evidence: list[WithoutEvidenceOut]
    rankings: list[RankingOut]
    pairs: list[PairOut]
    notes: list[str]


class HardwareOut(TypedDict):
    """Costs per million are of output tokens, but for `usd_per_mtok_of_all_tokens`, at the measured lengths."""

    accelerator: str
    nodes: int
    gpus_per_node: int
    gpus: int
    utilization_fraction: float
    output_tokens_per_second_per_node: float
    bound_by: str
    usd: str
    usd_per_mtok_served: str
    usd_per_mtok_full_load: str
    usd_per_mtok_of_all_tokens: str
    rate: RateOut
    benchmark: BenchmarkOut
    notes: list[str]


class LengthsOut(TypedDict):
    """Tokens in and out of one request of a benchmark."""

    input_tokens: float
    output_tokens: float


class MixOut(TypedDict):
    """A mix of nodes and what it costs over the horizon, on draws that no search has seen.

    `nodes` are those of a fixed fleet, `min_nodes` and `max_nodes` the bounds of one that scales (null: none), and
    `committed_nodes` those of each commitment in the plan's order. `fleet` and `overflow` are the means of the two
    parts of `effective`.
    """

    policy: Literal["fixed", "hourly", "monthly"]
    nodes: int | None
    min_nodes: int | None
    max_nodes: int | None
    committed_nodes: list[int]
    effective: Money
    fleet: str
    overflow: str
    unserved_probability: float
    utilization_fraction: float


ObservationOut = TypedDict(
    "ObservationOut",
    {
        "tier": "str",
        "provider": "str | None",
        "from": "str",
        "first_usd_per_gpu_hour": "str",
        "second_usd_per_gpu_hour": "str",
        "rate_ratio": "float",
        "cheaper": "str",
    },
)
"""The rates of two accelerators from a day on, and which was cheaper then."""


class PairOut(TypedDict):
    """`first` is cheaper at full load while its rate over that of `second` is below `break_even_rate_ratio`."""

    first: str
    second: str
    break_even_rate_ratio: float
    turns: bool
    observations: list[ObservationOut]


class PlanReasonOut(TypedDict):
    """One number of the recommended mix against its neighbours: differences in expected cost, null out of bounds."""

    number: str
    chosen: int | None
    cost_of_one_fewer: str | None
    unserved_probability_of_one_fewer: float | None
    cost_of_one_more: str | None
    unserved_probability_of_one_more: float | None
    used_fraction: float | None
    detail: str


class RankedOut(TypedDict):
    """One accelerator in a ranking."""

    accelerator: str
    usd_per_gpu_hour: str
    provider: str
    tier: str
    stands_in: bool
    date: str | None
    usd_per_mtok_served: str
    usd_per_mtok_full_load: str


RankingOut = TypedDict(
    "RankingOut",
    {
        "from": "str",
        "order_changed": "bool",
        "order": "list[RankedOut]",
    },
)
"""The order from a day on, the cheapest served token first."""


class RateOut(TypedDict):
    """One row of the packaged rates; `low` to `high` are those it was chosen from, `providers` of them."""

    usd_per_gpu_hour: str
    provider: str
    tier: str
    stands_in: bool
    date: str | None
    age_days: int | None
    quality: str
    source: str
    low: str
    high: str
    providers: int


class WithoutEvidenceOut(TypedDict):
    """An accelerator that could not be compared, and why."""

    accelerator: str
    reason: str
