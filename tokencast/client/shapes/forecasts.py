"""Shapes of the API, of forecasts: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.decoders import MeasurementIn
    from tokencast.client.shapes.explanations import (
        AssetMonthOut,
        BreakEvenOut,
        DecoderOut,
        DriverOut,
        OutlookBacktestOut,
        VerdictOut,
        WaitingOut,
    )
    from tokencast.client.shapes.fleets import FleetIn
    from tokencast.client.shapes.plans import CorrelationsIn, ExchangeRateIn, HorizonIn, OutlookIn, PlanIn
    from tokencast.client.shapes.prices import ContractIn, PriceIn, UtcWindowIn
    from tokencast.client.shapes.schedules import ScheduleHorizonIn
    from tokencast.client.shapes.service import Figure, Money
    from tokencast.client.shapes.workloads import WorkloadIn, WorkloadOut


class BudgetAmountOut(TypedDict):
    """The amount that covers the cost of a period with the chosen confidence."""

    basis: str
    confidence: float
    amount: str
    expected: str
    contingency: str


class FiscalYearOut(TypedDict):
    """A fiscal year, or the part of one that the horizon reaches into."""

    billed: Money
    effective: Money
    budget: BudgetAmountOut
    fiscal_year: int
    months: int


class FleetForecastOut(TypedDict):
    """What a fleet costs and does in each month of the horizon."""

    name: str
    effective: Money
    billed: Money
    months: list[FleetMonthOut]
    decoder: DecoderOut
    assets: NotRequired[list[AssetMonthOut]]


class FleetMonthOut(TypedDict):
    """One month of a fleet."""

    month: str
    hours: float
    nodes: Figure
    node_hours: Figure
    utilization_fraction: float
    speedup: Figure
    speedup_basis: str | None
    usd_per_mtok_served: str | None
    usd_per_mtok_full_load: str | None
    usd_per_mtok_full_load_without_decoder: str | None
    tokens_served: float
    headroom_tokens: float
    overflow_tokens: float
    unserved_tokens: float
    billed: str
    effective: str


class ForecastIn(TypedDict):
    """`workloads` by name (all of the workspace's when absent), under these terms; or a whole `plan` with its own."""

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
    workloads: NotRequired[list[str] | None]
    plan: NotRequired[PlanIn | None]


class ForecastMonthOut(TypedDict):
    """The cost of one month as a distribution."""

    month: str
    billed: Money
    effective: Money


class ForecastMonthsOut(TypedDict):
    """Groups, the costliest first; with `others` they add up to `total` in each month, to the cent.

    `actual` says of each month whether it is recorded rather than forecast; `actual_until` is the last that is.
    """

    forecast_id: str
    by: Literal["cost_center", "gl_account", "kind", "meter", "provider", "route", "workload"]
    currency: str
    months: list[str]
    actual: list[bool]
    actual_until: str | None
    groups: list[GroupMonthsOut]
    others: OtherMonthsOut | None
    total: SeriesOut


class ForecastOut(TypedDict):
    """A forecast. The fields of the budget are present when it has succeeded, and only then."""

    id: str
    status: Literal["cancelled", "failed", "queued", "running", "succeeded"]
    progress_fraction: float
    as_of: str
    seed: int
    draws: int
    model_version: str
    inputs_sha256: str
    currency: str
    horizon: Horizon | None
    problem: dict[str, Any] | None
    previous_forecast_id: str | None
    queued_at: str
    started_at: str | None
    finished_at: str | None
    cancel_requested_at: str | None
    total: NotRequired[TotalOut]
    annual: NotRequired[list[FiscalYearOut]]
    monthly: NotRequired[list[ForecastMonthOut]]
    lines: NotRequired[list[LineOut]]
    workloads: NotRequired[list[WorkloadCostOut]]
    providers: NotRequired[list[GroupOut]]
    cost_centers: NotRequired[list[GroupOut]]
    fleets: NotRequired[list[FleetForecastOut]]
    verdicts: NotRequired[list[VerdictOut]]
    outlooks: NotRequired[list[OutlookOut]]
    break_even: NotRequired[list[BreakEvenOut]]
    sensitivity: NotRequired[list[DriverOut]]
    bridge: NotRequired[dict[str, Any] | None]
    warnings: NotRequired[list[WarningOut]]


class ForecastPage(TypedDict):
    """A page of forecasts without their budgets."""

    items: list[ForecastState]
    next_cursor: str | None


class ForecastState(TypedDict):
    """What is known of any forecast; its budget is beside this once it has succeeded.

    `previous_forecast_id` is the forecast that a re-forecast renews; that one stays as it is.
    """

    id: str
    status: Literal["cancelled", "failed", "queued", "running", "succeeded"]
    progress_fraction: float
    as_of: str
    seed: int
    draws: int
    model_version: str
    inputs_sha256: str
    currency: str
    horizon: Horizon | None
    problem: dict[str, Any] | None
    previous_forecast_id: str | None
    queued_at: str
    started_at: str | None
    finished_at: str | None
    cancel_requested_at: str | None


class ForecastTermsIn(TypedDict):
    """The `forecast` object of `POST /v1/workloads`: every key has a default, `{}` is enough."""

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


class GroupMonthsOut(TypedDict):
    """`name` is null for lines that have none, such as idle nodes by workload and own fleets by provider."""

    billed: list[str]
    effective: list[str]
    name: str | None


class GroupOut(TypedDict):
    """The cost of one workload, provider or cost centre as a distribution."""

    name: str
    effective: Money
    billed: Money


class Horizon(TypedDict):
    """The months that a forecast covers."""

    first_month: str
    months: int


class LineOut(TypedDict):
    """A mean of the budget: one workload, route, meter and month. Lines add up to the totals' means to the cent."""

    id: str
    month: str
    workload: str | None
    cost_center: str | None
    gl_account: str | None
    route: str | None
    kind: str
    meter: str | None
    quantity: float | None
    unit: str | None
    unit_price: str | None
    billed: str
    effective: str


class LinePage(TypedDict):
    """A page of cost lines."""

    items: list[LineOut]
    next_cursor: str | None


class LineTraceOut(TypedDict):
    """`prices` and `outlook` are those of API usage; a fleet's cost has its fleet instead."""

    line: LineOut
    forecast: ForecastState
    method: MethodOut
    workload: TracedDocument | None
    fleet: TracedDocument | None
    prices: list[UsedPriceOut]
    outlook: OutlookTraceOut | None
    contracts: list[TracedDocument]
    exchange_rates: list[TracedDocument]


class MethodOut(TypedDict):
    """How the kind of line is computed; money is rounded once, by running totals over the months."""

    name: str
    formula: str
    documented_in: str


class OtherMonthsOut(TypedDict):
    """The sum of `count` groups that are not listed."""

    billed: list[str]
    effective: list[str]
    count: int


class OutlookOut(TypedDict):
    """What the whole horizon costs under one outlook, beside how that outlook has scored."""

    name: str
    chosen: bool
    total: Money
    backtest: OutlookBacktestOut | None


class OutlookTraceOut(TypedDict):
    """The outlook on the route's prices; without a pointer it is the default of a plan that declares none for it.

    `moves_rate` says whether it speaks of this line's meter.
    """

    name: str
    pointer: str | None
    document: dict[str, Any] | None
    moves_rate: bool


class PreviewFleetMonthOut(TypedDict):
    """One month of a fleet in a preview."""

    month: str
    nodes: Figure
    utilization_fraction: float


class PreviewFleetOut(TypedDict):
    """What a fleet costs in a preview, and the nodes that it needs."""

    name: str
    effective: Money
    billed: Money
    months: list[PreviewFleetMonthOut]


class PreviewIn(TypedDict):
    """Either a workload, forecast alone with the stored fleets that it names; or a fleet with what is routed to it."""

    workload: NotRequired[WorkloadIn | None]
    fleet: NotRequired[FleetIn | None]


class PreviewOut(TypedDict):
    """The twelve months after `as_of` on few draws, in the shapes of a forecast.

    `total` is all of it: of a workload with the whole of its fleets, of a fleet with all that its workloads cost.
    Pointers of warnings lead into what was sent.
    """

    as_of: str
    horizon: Horizon
    draws: int
    currency: str
    total: TotalOut
    monthly: list[ForecastMonthOut]
    workloads: list[GroupOut]
    fleets: list[PreviewFleetOut]
    verdicts: list[VerdictOut]
    warnings: list[WarningOut]


class ReforecastIn(TypedDict):
    """`as_of` is today by default; `horizon` that of the earlier forecast, or counted from the month of `as_of`."""

    as_of: NotRequired[str | None]
    horizon: NotRequired[ScheduleHorizonIn | None]


class ReplayOut(TypedDict):
    """What the comparison says is null until the replay has succeeded.

    `differing_versions` names what changed between the two computations; where they are identical nevertheless, the
    change made no difference to this forecast.
    """

    id: str
    forecast_id: str
    status: Literal["cancelled", "failed", "queued", "running", "succeeded"]
    progress_fraction: float
    inputs_sha256: str
    identical: bool | None
    document_identical: bool | None
    differing_lines: int | None
    differing_versions: list[VersionOut]
    problem: dict[str, Any] | None
    queued_at: str
    finished_at: str | None


class SeriesOut(TypedDict):
    """One amount for each month."""

    billed: list[str]
    effective: list[str]


class TotalOut(TypedDict):
    """The cost of a period as a distribution on both bases, and its budget."""

    billed: Money
    effective: Money
    budget: BudgetAmountOut


class TracedDocument(TypedDict):
    """A part of the frozen plan as it was declared, and where in the plan it is."""

    pointer: str
    document: dict[str, Any]


class UsedPriceOut(TypedDict):
    """A row that priced a share of the month's usage; `rate_per_unit` is at list, in the forecast's currency."""

    pointer: str
    share_fraction: float
    rate_per_unit: float
    row: PriceIn


class VersionOut(TypedDict):
    """A part of the model's version, when the forecast was computed and when it was replayed."""

    part: str
    forecast: str
    replay: str


class WarningOut(TypedDict):
    """A warning about the plan: what was assumed, or could not be taken at its word."""

    type: str
    pointer: str
    detail: str


class WorkloadCostOut(TypedDict):
    """The cost of one workload as a distribution, and the time that people wait for it."""

    name: str
    effective: Money
    billed: Money
    waiting: NotRequired[WaitingOut | None]


class WorkloadForecast(TypedDict):
    """The answer of the main job: the stored workload and its forecast."""

    workload: WorkloadOut
    forecast: ForecastOut
