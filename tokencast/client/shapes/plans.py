"""Shapes of the API, of plans: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.decoders import MeasurementIn
    from tokencast.client.shapes.fleets import FleetIn
    from tokencast.client.shapes.prices import ContractIn, PriceIn, UtcWindowIn
    from tokencast.client.shapes.service import PertIn
    from tokencast.client.shapes.usage import ActualIn
    from tokencast.client.shapes.workloads import WorkloadIn


class CorrelationsIn(TypedDict):
    """How far workloads move together, each 0 (not at all) to 1 (as one)."""

    growth: NotRequired[float]
    noise: NotRequired[float]


ExchangeRateIn = TypedDict(
    "ExchangeRateIn",
    {
        "currency": "str",
        "per": "str",
        "rate": "str",
        "from": "str",
    },
)
"""`rate` units of `currency` buy one unit of `per`."""


class HorizonIn(TypedDict):
    """The months to forecast."""

    first_month: str
    months: NotRequired[int]


OutlookIn = TypedDict(
    "OutlookIn",
    {
        "provider": "NotRequired[str]",
        "model": "NotRequired[str]",
        "service_tier": "NotRequired[str]",
        "outlook": "Literal['exponential', 'history', 'hold', 'pass_through', 'planning_haircut', 'projected_cut', 'scheduled', 'successor']",
        "window": "NotRequired[list[str | None] | None]",
        "from": "NotRequired[str | None]",
        "probability": "NotRequired[float]",
        "size": "NotRequired[float | PertIn | None]",
        "decay_per_year": "NotRequired[float | PertIn | None]",
        "speedup": "NotRequired[float | PertIn | None]",
        "pass_through_fraction": "NotRequired[float | PertIn | None]",
        "series": "NotRequired[Literal['models', 'tiers'] | None]",
        "to_model": "NotRequired[str | None]",
        "meters": "NotRequired[list[Literal['audio_input', 'audio_output', 'cache_write', 'cache_write_1h', 'cache_write_5m', 'cached_audio_input', 'cached_input', 'image', 'image_input', 'image_output', 'input', 'output', 'reasoning_output', 'request', 'web_search']] | None]",
        "scheduled_steps": "NotRequired[bool]",
    },
)
"""The first outlook that covers a route decides about it. Fields that the kind does not take are refused."""


class PlanApplied(TypedDict):
    """`plan` is null where a dry run would create it."""

    plan: PlanSummary | None
    dry_run: bool
    changes: list[PlanChangeOut]


class PlanChangeOut(TypedDict):
    """What applying a plan did, or would do, to one resource."""

    resource: Literal["fleet", "measurement", "plan", "price", "workload"]
    name: str
    action: Literal["created", "deleted", "unchanged", "updated"]


class PlanIn(TypedDict):
    """An estate as one document: terms, prices, fleets and workloads."""

    currency: NotRequired[str]
    exchange_rates: NotRequired[list[ExchangeRateIn]]
    calendar: NotRequired[Literal["30/360", "actual"]]
    fiscal_year_start_month: NotRequired[int]
    horizon: NotRequired[HorizonIn | None]
    as_of: NotRequired[str | None]
    seed: NotRequired[int]
    draws: NotRequired[int]
    confidence: NotRequired[float]
    budget_basis: NotRequired[Literal["billed", "effective"]]
    correlations: NotRequired[CorrelationsIn]
    outlooks: NotRequired[list[OutlookIn] | None]
    utc_windows: NotRequired[list[UtcWindowIn]]
    contracts: NotRequired[list[ContractIn]]
    measurements: NotRequired[list[MeasurementIn]]
    name: NotRequired[str]
    prices: NotRequired[list[PriceIn]]
    fleets: NotRequired[list[FleetIn]]
    workloads: NotRequired[list[WorkloadIn]]
    actuals: NotRequired[list[ActualIn]]


class PlanOut(TypedDict):
    """A stored plan with its document."""

    currency: NotRequired[str]
    exchange_rates: NotRequired[list[ExchangeRateIn]]
    calendar: NotRequired[Literal["30/360", "actual"]]
    fiscal_year_start_month: NotRequired[int]
    horizon: NotRequired[HorizonIn | None]
    as_of: NotRequired[str | None]
    seed: NotRequired[int]
    draws: NotRequired[int]
    confidence: NotRequired[float]
    budget_basis: NotRequired[Literal["billed", "effective"]]
    correlations: NotRequired[CorrelationsIn]
    outlooks: NotRequired[list[OutlookIn] | None]
    utc_windows: NotRequired[list[UtcWindowIn]]
    contracts: NotRequired[list[ContractIn]]
    measurements: NotRequired[list[MeasurementIn]]
    name: NotRequired[str]
    prices: NotRequired[list[PriceIn]]
    fleets: NotRequired[list[FleetIn]]
    workloads: NotRequired[list[WorkloadIn]]
    actuals: NotRequired[list[ActualIn]]
    id: str
    version: int
    created_at: str
    updated_at: str


class PlanPage(TypedDict):
    """A page of plans without their documents."""

    items: list[PlanSummary]
    next_cursor: str | None


class PlanSummary(TypedDict):
    """A stored plan without its document."""

    id: str
    name: str
    version: int
    created_at: str
    updated_at: str
