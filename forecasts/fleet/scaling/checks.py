"""What a scaling policy cannot mean beside the plan that it is part of."""

from forecasts.errors import Findings
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.replica import replica_of
from forecasts.fleet.scaling.terms import Fixed, Monthly
from forecasts.workload import Demand


def check_scaling(fleet: Fleet, demands: list[Demand], horizon_months: int, findings: Findings, at: str) -> None:
    """Records orders from beyond the horizon, and a most that cannot hold the model; `demands` are of the fleet."""
    scaling = fleet.scaling
    if isinstance(scaling, Fixed):
        return
    if isinstance(scaling, Monthly) and scaling.lead_time_months > horizon_months:
        findings.add(
            f"{at}/scaling/lead_time_months",
            f"must be within the horizon of {horizon_months} months, not {scaling.lead_time_months}",
        )
    replica_nodes = replica_of(fleet, demands).nodes
    if scaling.max_nodes is not None and scaling.max_nodes < replica_nodes:
        findings.add(
            f"{at}/scaling/max_nodes",
            f"must be {replica_nodes} or more, which hold {fleet.serves} once, not {scaling.max_nodes}",
        )
