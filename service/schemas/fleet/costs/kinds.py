"""The kinds of cost that a fleet may have on the wire, and what they must agree on with its policy."""

from forecasts.errors import Findings
from service.schemas.fleet.costs.committed import CommittedIn
from service.schemas.fleet.costs.leased import LeasedIn
from service.schemas.fleet.costs.owned import OwnedIn
from service.schemas.fleet.costs.rented import RentedIn
from service.schemas.fleet.scaling import DEFAULT_LEAD_TIME_MONTHS, ScalingIn

CostIn = RentedIn | CommittedIn | OwnedIn | LeasedIn
HIRED_BY_THE_HOUR = (RentedIn, CommittedIn)


def check_growth(cost: CostIn, scaling: ScalingIn, findings: Findings, at: str) -> None:
    """Bought nodes become more under the policy `monthly`, which says when they are ordered, and under no other."""
    if not isinstance(cost, OwnedIn):
        return
    monthly = scaling.policy == "monthly"
    if cost.growth is None:
        if monthly:
            findings.add(f"{at}/growth", "is needed by the policy 'monthly': what one more node costs")
        return
    if not monthly:
        findings.add(f"{at}/growth", f"has no meaning under the policy {scaling.policy!r}, only under 'monthly'")
    ordered = DEFAULT_LEAD_TIME_MONTHS if scaling.lead_time_months is None else scaling.lead_time_months
    invoiced = cost.growth.lead_time_months
    if monthly and invoiced is not None and invoiced > ordered:
        findings.add(
            f"{at}/growth/lead_time_months",
            f"must be at most the policy's own {ordered}, for nothing is paid before it is ordered, not {invoiced}",
        )
