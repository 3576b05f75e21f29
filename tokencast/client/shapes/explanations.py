"""Shapes of the API, of explanations: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.prices import PriceRowOut
    from tokencast.client.shapes.service import Figure, Money, PertIn


class AlternativeLeftOut(TypedDict):
    """An alternative that was not counted, and why."""

    name: str
    detail: str


class AlternativeOut(TypedDict):
    """`cost` is of the whole horizon at known rates; a fleet's at the utilisation that it really reaches."""

    kind: Literal["named_for_work", "named_in_plan", "same_weights", "self_hosting", "successor"]
    name: str
    same_weights: bool
    cost: str
    per_mtok_output: str | None
    utilization_fraction: float | None
    rows: list[PriceRowOut]


class AmountsOut(TypedDict):
    """An amount on both bases."""

    effective: str
    billed: str


class AskOut(TypedDict):
    """Discounts on output, and their worth over the horizon; the weighed ones are times the chance of a cut."""

    low_fraction: float
    high_fraction: float
    low: str
    high: str
    weighed_low: str
    weighed_high: str


class AssetMonthOut(TypedDict):
    """Opening + additions - depreciation - disposals is closing; `gain` is proceeds less the book value disposed of."""

    asset: str
    month: str
    nodes: float
    opening: BookOut
    additions: str
    depreciation: str
    disposals: BookOut
    proceeds: str
    gain: str
    closing: BookOut


class BookOut(TypedDict):
    """An asset in the books: `net_book_value` is cost less accumulated depreciation."""

    cost: str
    accumulated_depreciation: str
    net_book_value: str


class BreakEvenCostOut(TypedDict):
    """A point of the curve and a row of the table: means over the horizon, per million output tokens."""

    utilization_fraction: float
    usd_per_mtok_fleet: str
    usd_per_mtok_fleet_without_decoder: str | None
    usd_per_mtok_api: str


class BreakEvenMonthOut(TypedDict):
    """`probability` is the share of sample paths on which the fleet is cheaper in this month.

    `turning_tokens` are the output tokens a month from which the fleet is cheaper on average, null where no volume
    makes it so. Both are given with the fleet's decoder and without it; without is null for a fleet that has none.
    """

    month: str
    probability: float
    probability_without_decoder: float | None
    turning_tokens: float | None
    turning_tokens_without_decoder: float | None


class BreakEvenOut(TypedDict):
    """`compare_to` is `provider/model`; `utilization_fraction` the mean that the fleet really reaches.

    `curve` rises in utilisation and holds at least 0.05, 0.25, 0.5 and 1.
    """

    workload: str
    fleet: str
    compare_to: str
    utilization_fraction: float
    usd_per_mtok_fleet: str
    usd_per_mtok_api: str
    months: list[BreakEvenMonthOut]
    curve: list[BreakEvenCostOut]


class BridgeEndOut(TypedDict):
    """One of the two forecasts; a plan that nobody stored has no id."""

    id: str | None
    as_of: str
    first_month: str
    months: int
    model_version: str


BridgeOut = TypedDict(
    "BridgeOut",
    {
        "before": "AmountsOut",
        "after": "AmountsOut",
        "parts": "list[PartOut]",
        "from": "BridgeEndOut",
        "to": "BridgeEndOut",
        "currency": "str",
        "basis": "str",
        "sentences": "list[SentenceOut]",
        "annual": "list[FiscalYearSplitOut]",
        "monthly": "list[MonthSplitOut]",
        "workloads": "list[NamedSplitOut]",
        "fleets": "list[NamedSplitOut]",
        "contracts": "list[NamedSplitOut]",
        "cost_centers": "list[NamedSplitOut]",
    },
)
"""`workloads`, `fleets` and `contracts` (what these cost beside workloads) add to the whole, as do the others.

`basis` is that of the later forecast's budget; the sentences speak of it.
"""


class CaseScoreOut(TypedDict):
    """Figures on one case of the backtest; `flat_pinball` is what today's price, held, scores on it."""

    case: str
    rows: int
    series: int
    median_error: float
    p90_error: float
    mean_error: float
    bias: float
    pinball: float
    flat_pinball: float
    coverage: float | None


class DecoderOut(TypedDict):
    """`gains` say on each basis what the decoder gains while it runs; the budget uses the one of `basis`."""

    preset: str
    measured_with: str
    speedup_over: str
    basis: str | None
    gains: dict[str, Figure]
    saving: Money
    probability_of_saving: float
    reasons: list[str]
    payback: PaybackOut | None
    measurements_used: list[PointOut]


class DriverOut(TypedDict):
    """The horizon's total where one driver alone varies, on the budget's basis; the others are at their medians.

    `name` is a workload, a provider, a model or a preset, or says that it is all workloads or the other ones.
    """

    kind: str
    name: str
    p10: str
    p90: str
    central: str
    share_of_variance: float


class FiscalYearSplitOut(TypedDict):
    """The bridge of one fiscal year."""

    before: AmountsOut
    after: AmountsOut
    parts: list[PartOut]
    fiscal_year: int


class MeterSpendOut(TypedDict):
    """What one meter of a provider is forecast to cost."""

    meter: str
    unit: str
    quantity: float
    spend: Money
    share: float
    rows: list[PriceRowOut]


class MonthSplitOut(TypedDict):
    """The bridge of one month."""

    before: AmountsOut
    after: AmountsOut
    parts: list[PartOut]
    month: str


class MoveOut(TypedDict):
    """One move of a price in the packaged history."""

    model: str
    effective_from: str
    fraction: float


class NamedSplitOut(TypedDict):
    """The bridge of one workload, fleet, contract or cost centre."""

    before: AmountsOut
    after: AmountsOut
    parts: list[PartOut]
    name: str


class NegotiationOut(TypedDict):
    """Money is in `currency`; unit costs are per million tokens."""

    provider: str
    currency: str
    as_of: str
    first_month: str
    months: int
    spend: Money
    output_share: float
    meters: list[MeterSpendOut]
    ask: AskOut | None
    positions: list[PositionOut]
    history: PastMovesOut


class OutlookBacktestOut(TypedDict):
    """Scores on models on sale, then on other cases; `assumes` says what was scored, which a plan's own settings of the
    outlook may differ from, and `command` prints it all.
    """

    case: str
    rows: int
    series: int
    median_error: float
    p90_error: float
    mean_error: float
    bias: float
    pinball: float
    flat_pinball: float
    coverage: float | None
    assumes: str
    command: str
    other_cases: list[CaseScoreOut]


class PartOut(TypedDict):
    """One part of a bridge."""

    effective: str
    billed: str
    part: str


class PastMovesOut(TypedDict):
    """How the prices of a provider have moved so far."""

    series: int
    series_years: float
    moves: list[MoveOut]
    chance_of_cut: float


class PaybackOut(TypedDict):
    """When the training of a draft module has earned its cost back; a month of null is not within the horizon."""

    cost: str
    gpu_hours: float
    probability_within_horizon: float
    p10_month: str | None
    p50_month: str | None
    p90_month: str | None


class PointOut(TypedDict):
    """A measured point that was used."""

    method: str
    concurrency: float
    input_tokens: float
    output_tokens: float
    acceptance_length: float | None
    speedup: float | None
    speedup_over: str


class PositionOut(TypedDict):
    """One model of the provider in one service tier. `spend` is as forecast, the rest at the rates known today.

    `vouched_walk_away` is by the cheapest of what the plan names for these very workloads, the same weights and
    successors.
    """

    route: str
    workloads: list[str]
    spend: Money
    output_spend: str
    cost_at_known_rates: str
    per_mtok_output: str | None
    output_rate: str | None
    rows: list[PriceRowOut]
    support: SupportOut | None
    ask: AskOut | None
    alternatives: list[AlternativeOut]
    left_out: list[AlternativeLeftOut]
    walk_away: WalkAwayOut | None
    vouched_walk_away: WalkAwayOut | None


class ReasonOut(TypedDict):
    """A reason behind a verdict, and its size."""

    code: str
    money: str
    tokens: float


class SentenceOut(TypedDict):
    """`amount` is on the bridge's `basis`; `fraction` is of what the forecast before costs."""

    part: str
    amount: str
    fraction: float | None
    causes: list[str]
    text: str


class SupportOut(TypedDict):
    """`cost_cut` is `1 - 1/speedup`: what the decoder takes off the unit cost of output at full load.

    `declared` says that the plan's own outlook gave the speedup.
    """

    preset: str
    speedup: PertIn
    speedup_over: str
    cost_cut: PertIn
    pass_through_fraction: PertIn
    declared: bool
    source: str


class VerdictOut(TypedDict):
    """Whether a fleet's decoder pays for a workload; `saving` is the workload's part of what the fleet saves."""

    fleet: str
    workload: str
    verdict: str
    probability_of_saving: float
    saving: Money
    speedup: Figure
    reasons: list[ReasonOut]


class WaitingOut(TypedDict):
    """Hours that people wait and sessions that are open at once, with and without the decoder; in no total."""

    hours_without: Figure
    hours_with: Figure
    hours_saved: Figure
    value: Money
    sessions_without: Figure
    sessions_with: Figure


class WalkAwayOut(TypedDict):
    """Above `per_mtok_output`, the best alternative's unit cost at the workloads' own mix, leaving is cheaper.

    `output_rate` is the average output rate at which staying costs the same, all other rates as they are; null where
    even free output would not do, or there is none.
    """

    name: str
    kind: str
    cost: str
    per_mtok_output: str | None
    discount_fraction: float
    output_rate: str | None
