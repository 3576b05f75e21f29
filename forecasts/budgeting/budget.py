"""The values a forecast answers with. Money is in minor units of the currency; other figures are means or ratios."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.lines import Lines
from forecasts.budgeting.tally import Distribution, Spread
from forecasts.explain.break_even.answers import BreakEven
from forecasts.explain.payback import Payback
from forecasts.explain.savings import DecoderVerdict
from forecasts.explain.waiting import WaitingSaved
from forecasts.money import IntArray
from forecasts.plan import Basis
from forecasts.speculation.measurement import Measurement
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True)
class BudgetAmount:
    """Expected cost plus the contingency that covers it with the chosen confidence."""

    basis: Basis
    confidence: float
    amount: int
    expected: int

    @property
    def contingency(self) -> int:
        return self.amount - self.expected


@dataclass(frozen=True, kw_only=True)
class Period:
    """A fiscal year, or the whole horizon."""

    billed: Distribution
    effective: Distribution
    budget: BudgetAmount


@dataclass(frozen=True, kw_only=True)
class FiscalYear:
    year: int
    months: int
    period: Period


@dataclass(frozen=True, kw_only=True)
class MonthCost:
    billed: Distribution
    effective: Distribution


@dataclass(frozen=True, kw_only=True)
class GroupCost:
    """The horizon's cost of one workload, provider, fleet or cost centre."""

    name: str
    billed: Distribution
    effective: Distribution


@dataclass(frozen=True, kw_only=True)
class DecoderSaving:
    """What a fleet's decoder saves over the horizon, the training of its draft module taken off.

    `gains` say on each basis what it gains for the fleet's mix while it runs: throughput, on `matched_throughput` the
    speed of a user. `points` are the measured ones that were used.
    """

    preset: str
    measured_with: str
    speedup_over: str
    basis: str | None
    gains: dict[str, Spread]
    saving: Distribution
    probability_of_saving: float
    reasons: tuple[str, ...]
    payback: Payback | None
    points: tuple[Measurement, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class RegisteredAsset:
    """Owned nodes bought together, by month: shape `[months]`, money in minor units, means over the paths."""

    name: str
    nodes: FloatArray
    opening_cost: int
    opening_accumulated_depreciation: int
    additions: IntArray
    depreciation: IntArray
    disposed_cost: IntArray
    disposed_accumulated_depreciation: IntArray
    proceeds: IntArray

    @property
    def closing_cost(self) -> IntArray:
        """At the end of each month, as the next two."""
        closing: IntArray = self.opening_cost + np.cumsum(self.additions - self.disposed_cost)
        return closing

    @property
    def closing_accumulated_depreciation(self) -> IntArray:
        changes = np.cumsum(self.depreciation - self.disposed_accumulated_depreciation)
        closing: IntArray = self.opening_accumulated_depreciation + changes
        return closing

    @property
    def closing_book_value(self) -> IntArray:
        return self.closing_cost - self.closing_accumulated_depreciation


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetBudget:
    """One fleet by month; arrays have shape `[months]`, unit costs are money per million output tokens."""

    name: str
    nodes: tuple[Spread, ...]
    node_hours: tuple[Spread, ...]
    speedup: tuple[Spread, ...]
    speedup_basis: str | None
    utilization_fraction: FloatArray
    usd_per_mtok_served: FloatArray  # NaN in months that serve nothing
    usd_per_mtok_full_load: FloatArray
    usd_per_mtok_full_load_without_decoder: FloatArray
    tokens_served: FloatArray
    headroom_tokens: FloatArray
    overflow_tokens: FloatArray
    unserved_tokens: FloatArray
    decoder: DecoderSaving
    assets: tuple[RegisteredAsset, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutlookTotal:
    """What the horizon costs under another price outlook, on the same draws."""

    name: str
    chosen: bool
    effective: Distribution


@dataclass(frozen=True, kw_only=True)
class Caution:
    type: str
    pointer: str
    detail: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Budget:
    currency: str
    digits: int
    timeline: Timeline
    total: Period
    fiscal_years: tuple[FiscalYear, ...]
    months: tuple[MonthCost, ...]
    lines: Lines
    workloads: tuple[GroupCost, ...]
    providers: tuple[GroupCost, ...]
    cost_centers: tuple[GroupCost, ...]
    fleet_costs: tuple[GroupCost, ...]
    fleets: tuple[FleetBudget, ...]
    verdicts: tuple[DecoderVerdict, ...]
    outlooks: tuple[OutlookTotal, ...]
    break_evens: tuple[BreakEven, ...]
    waiting: tuple[WaitingSaved, ...]
    warnings: tuple[Caution, ...]
