"""The answers of a break-even: by month, as a curve over utilisation, and for the horizon."""

from dataclasses import dataclass

from forecasts.timeline import Month
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class BreakEvenMonth:
    """`turning_tokens` are output tokens a month from which on the fleet is cheaper in the mean; None where never.

    What is said of a fleet without its decoder is None where it has none.
    """

    month: Month
    probability: float
    probability_without_decoder: float | None
    turning_tokens: float | None
    turning_tokens_without_decoder: float | None


@dataclass(frozen=True, kw_only=True)
class BreakEvenCost:
    """Money per million output tokens of the workload, over the horizon, if the nodes were busy for this fraction."""

    utilization_fraction: float
    usd_per_mtok_fleet: float
    usd_per_mtok_fleet_without_decoder: float | None
    usd_per_mtok_api: float


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """One workload on one fleet against one route; the costs are those at the utilisation that is really reached."""

    workload: str
    fleet: str
    compare_to: ApiRoute
    utilization_fraction: float
    usd_per_mtok_fleet: float
    usd_per_mtok_api: float
    months: tuple[BreakEvenMonth, ...]
    curve: tuple[BreakEvenCost, ...]
