"""The domain of Tokencast: declared workloads, fleets and prices in, a budget as a distribution out. Pure.

This is the whole public interface of the kernel; everything else may change with a version.
"""

from forecasts.budgeting.budget import Budget
from forecasts.checks import check_plan
from forecasts.draws import Pert
from forecasts.errors import Findings, InvalidInput, Problem
from forecasts.fleet.costs.terms import (
    Commitment,
    Committed,
    DatedRate,
    Disposal,
    Growth,
    Leased,
    OneOff,
    Owned,
    Production,
    Rented,
    RunningCosts,
    Tranche,
)
from forecasts.fleet.fleet import Fleet, Replica, Throughput
from forecasts.fleet.scaling.terms import Fixed, Hourly, Monthly
from forecasts.forecast import forecast
from forecasts.plan import Correlations, Plan, UtcWindow
from forecasts.prices.contracts.contract import Contract, Credit, Discount, VolumeTier
from forecasts.prices.costing import PastPrices, PastUsage
from forecasts.prices.in_force.look_up import PriceLookUp
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.price import ExchangeRate, Price
from forecasts.speculation.decoder import Decoder
from forecasts.timeline import Month, Timeline
from forecasts.workload import (
    ApiRoute,
    Demand,
    FleetRoute,
    OutputLengths,
    RouteSet,
    RouteShare,
    Step,
    Waiting,
    Workload,
)

__all__ = [
    "ApiRoute",
    "Budget",
    "Commitment",
    "Committed",
    "Contract",
    "Correlations",
    "Credit",
    "DatedRate",
    "Decoder",
    "Demand",
    "Discount",
    "Disposal",
    "ExchangeRate",
    "Findings",
    "Fixed",
    "Fleet",
    "FleetRoute",
    "Growth",
    "Hourly",
    "InvalidInput",
    "Leased",
    "Month",
    "Monthly",
    "OneOff",
    "Outlook",
    "OutputLengths",
    "Owned",
    "PastPrices",
    "PastUsage",
    "Pert",
    "Plan",
    "Price",
    "PriceLookUp",
    "Problem",
    "Production",
    "Rented",
    "Replica",
    "RouteSet",
    "RouteShare",
    "RunningCosts",
    "Step",
    "Throughput",
    "Timeline",
    "Tranche",
    "UtcWindow",
    "VolumeTier",
    "Waiting",
    "Workload",
    "check_plan",
    "forecast",
]
