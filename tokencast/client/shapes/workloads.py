"""Shapes of the API, of workloads: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.forecasts import ForecastTermsIn
    from tokencast.client.shapes.service import PertIn


class DemandIn(TypedDict):
    """What is asked of a workload, and how it moves over the months."""

    base_month: str
    requests_per_month: float
    input_tokens_per_request: NotRequired[float]
    cached_input_fraction: NotRequired[float]
    cache_write_fraction: NotRequired[float]
    long_lived_cache_write_fraction: NotRequired[float]
    output_tokens_per_request: NotRequired[float | OutputLengthsIn]
    reasoning_fraction: NotRequired[float]
    other_units_per_request: NotRequired[dict[str, float]]
    monthly_growth: NotRequired[float | PertIn]
    noise_fraction: NotRequired[float]
    noise_autocorrelation: NotRequired[float]
    seasonality: NotRequired[list[float] | None]
    hourly_profile: NotRequired[str | list[float] | PeakToMean]
    steps: NotRequired[list[StepIn]]


class ModelIn(TypedDict):
    """An API route named as `provider/model`."""

    model: str
    service_tier: NotRequired[Literal["batch", "flex", "priority", "standard"]]
    region: NotRequired[str | None]


class OutputLengthsIn(TypedDict):
    """Output tokens per request: the mean, with quantiles; or a histogram of `[from, to, share]`."""

    mean: NotRequired[float | None]
    p50: NotRequired[float | None]
    p90: NotRequired[float | None]
    histogram: NotRequired[list[list[float]] | None]


class PeakToMean(TypedDict):
    """A week known by its peak alone: the busiest hour over the mean hour."""

    peak_to_mean: float


RouteSetIn = TypedDict(
    "RouteSetIn",
    {
        "from": "NotRequired[str | None]",
        "to": "list[RouteShareIn]",
    },
)
"""Where requests go from a month on; replaces the set before it."""


class RouteShareIn(TypedDict):
    """A share of requests to a fleet, or to a model as `provider/model`."""

    fleet: NotRequired[str | None]
    model: NotRequired[str | None]
    share: float
    service_tier: NotRequired[Literal["batch", "flex", "priority", "standard"]]
    region: NotRequired[str | None]


StepIn = TypedDict(
    "StepIn",
    {
        "from": "str",
        "factor": "float",
        "why": "NotRequired[str]",
    },
)
"""A dated change of volume that stays."""


class WaitingIn(TypedDict):
    """What the time of people who wait for answers is worth; reported beside the bill."""

    loaded_hourly_rate: str
    people_waiting_fraction: float


class WorkloadIn(TypedDict):
    """A stream of requests of one kind: its demand, where it goes, and who pays."""

    name: str
    cost_center: NotRequired[str]
    gl_account: NotRequired[str]
    task: NotRequired[
        Literal["agent", "chat", "classification", "code", "creative", "math", "qa", "reasoning", "summarization"]
    ]
    temperature: NotRequired[float | None]
    top_p: NotRequired[float | None]
    demand: DemandIn
    min_tokens_per_second_per_user: NotRequired[float | None]
    waiting: NotRequired[WaitingIn | None]
    compare_to: NotRequired[ModelIn | None]
    routes: list[RouteSetIn]


class WorkloadOut(TypedDict):
    """A stored workload with its identity."""

    name: str
    cost_center: NotRequired[str]
    gl_account: NotRequired[str]
    task: NotRequired[
        Literal["agent", "chat", "classification", "code", "creative", "math", "qa", "reasoning", "summarization"]
    ]
    temperature: NotRequired[float | None]
    top_p: NotRequired[float | None]
    demand: DemandIn
    min_tokens_per_second_per_user: NotRequired[float | None]
    waiting: NotRequired[WaitingIn | None]
    compare_to: NotRequired[ModelIn | None]
    routes: list[RouteSetIn]
    id: str
    version: int
    plan_id: str | None
    created_at: str
    updated_at: str


class WorkloadPage(TypedDict):
    """A page of workloads."""

    items: list[WorkloadOut]
    next_cursor: str | None


class WorkloadPost(TypedDict):
    """A workload; with `forecast`, even an empty one, its budget is computed at once."""

    name: str
    cost_center: NotRequired[str]
    gl_account: NotRequired[str]
    task: NotRequired[
        Literal["agent", "chat", "classification", "code", "creative", "math", "qa", "reasoning", "summarization"]
    ]
    temperature: NotRequired[float | None]
    top_p: NotRequired[float | None]
    demand: DemandIn
    min_tokens_per_second_per_user: NotRequired[float | None]
    waiting: NotRequired[WaitingIn | None]
    compare_to: NotRequired[ModelIn | None]
    routes: list[RouteSetIn]
    forecast: NotRequired[ForecastTermsIn | None]
