"""The domain of Tokencast: declared workloads, fleets and prices in, a budget as a distribution out. Pure.

This is the whole public interface of the kernel; everything else may change with a version.
"""

from forecasts.budgeting.budget import Budget
from forecasts.checks import check_plan
from forecasts.draws import Pert
from forecasts.errors import Findings, InvalidInput, Problem
from forecasts.fleet.fleet import DatedRate, Fleet, OneOff, Owned, Rented, Replica, Throughput
from forecasts.fleet.scaling.terms import Fixed, Hourly, Monthly
from forecasts.forecast import forecast
from forecasts.plan import Correlations, Plan, UtcWindow
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
    "Correlations",
    "DatedRate",
    "Decoder",
    "Demand",
    "ExchangeRate",
    "Findings",
    "Fixed",
    "Fleet",
    "FleetRoute",
    "Hourly",
    "InvalidInput",
    "Month",
    "Monthly",
    "OneOff",
    "Outlook",
    "OutputLengths",
    "Owned",
    "Pert",
    "Plan",
    "Price",
    "Problem",
    "Rented",
    "Replica",
    "RouteSet",
    "RouteShare",
    "Step",
    "Throughput",
    "Timeline",
    "UtcWindow",
    "Waiting",
    "Workload",
    "check_plan",
    "forecast",
]
