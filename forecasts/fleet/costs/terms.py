"""What a customer declares about the cost of a fleet's nodes: rented, committed, owned or leased."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from forecasts.timeline import Month

DepreciationMethod = Literal["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"]
Convention = Literal["full_month", "mid_month"]
ProductionUnit = Literal["output_tokens", "busy_node_hours"]


@dataclass(frozen=True, kw_only=True)
class DatedRate:
    """A rate from a day on; None is from the beginning."""

    starts: date | None
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class RunningCosts:
    """What nodes cost beside their price, however they are paid for. Operations are the fleet's, not the node's."""

    hosting_per_node_year: Decimal = Decimal(0)
    licence_per_gpu_year: Decimal = Decimal(0)
    power_kw_per_node: float = 0.0
    idle_power_fraction: float = 0.0
    pue: float = 1.0
    electricity_per_kwh: Decimal = Decimal(0)
    operations_per_month: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Rented:
    """Nodes paid by the hour, used or not."""

    rates: tuple[DatedRate, ...]
    running: RunningCosts = field(default_factory=RunningCosts)


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """Nodes paid for by the hour throughout a term, run or not.

    `upfront` is for all of them, and `ends` the last day.
    """

    nodes: int
    rate_per_node_hour: Decimal
    starts: date
    ends: date
    upfront: Decimal = Decimal(0)
    invoiced: date | None = None  # the upfront amount; None is on the first day


@dataclass(frozen=True, kw_only=True)
class Committed:
    """Layers of commitments, and nodes on demand above them."""

    commitments: tuple[Commitment, ...]
    on_demand_rates: tuple[DatedRate, ...]
    running: RunningCosts = field(default_factory=RunningCosts)


@dataclass(frozen=True, kw_only=True)
class Production:
    """What wears a node out where depreciation follows use: units of one node from its service on."""

    unit: ProductionUnit
    total_per_node: float
    before_horizon_per_node: float | None = None


@dataclass(frozen=True, kw_only=True)
class Disposal:
    day: date
    proceeds_per_node: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Tranche:
    """Nodes bought together. `nodes` of None are the fleet's own number, spares included."""

    name: str
    nodes: int | None
    purchase_price_per_node: Decimal
    purchased: date
    in_service: date
    useful_life_months: int
    residual_fraction: Decimal = Decimal(0)
    disposal: Disposal | None = None


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Nodes bought when a monthly policy wants more than a fleet owns.

    They are invoiced `lead_time_months` before they serve; None is when they are ordered, the policy's lead time.
    """

    purchase_price_per_node: Decimal
    lead_time_months: int | None = None
    useful_life_months: int
    residual_fraction: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Owned:
    """Nodes bought and depreciated by one method, with their running costs.

    `declining_balance_factor` over the life in years is the yearly rate of a declining balance: 2 is double-declining.
    """

    tranches: tuple[Tranche, ...]
    method: DepreciationMethod = "straight_line"
    convention: Convention = "full_month"
    declining_balance_factor: float = 2.0
    production: Production | None = None
    growth: Growth | None = None
    running: RunningCosts = field(default_factory=RunningCosts)


@dataclass(frozen=True, kw_only=True)
class Leased:
    """Nodes leased for a term. The payment rises by a fraction with each year of the term; `ends` is the last day."""

    payment_per_node_month: Decimal
    starts: date
    ends: date
    rent_free_months: int = 0
    escalation_fraction_per_year: Decimal = Decimal(0)
    running: RunningCosts = field(default_factory=RunningCosts)


FleetCost = Rented | Committed | Owned | Leased


@dataclass(frozen=True, kw_only=True)
class OneOff:
    """A single amount in a month. With `gpu_hours` it is a training run, such as that of a draft module.

    `amount` of None is `gpu_hours` at the fleet's own hourly rate of the month.
    """

    month: Month
    amount: Decimal | None
    what: str
    gpu_hours: float | None = None
