"""What a fleet's nodes cost, on the wire: one shape for each kind."""

from forecasts.errors import Findings
from service.schemas.fleet.cost_committed import CommittedIn
from service.schemas.fleet.cost_leased import LeasedIn
from service.schemas.fleet.cost_owned import OwnedIn
from service.schemas.fleet.cost_rented import RentedIn

CostIn = RentedIn | CommittedIn | OwnedIn | LeasedIn
HIRED_BY_THE_HOUR = (RentedIn, CommittedIn)


def check_growth(cost: CostIn, policy: str, findings: Findings, at: str) -> None:
    """Growth purchases follow a policy that asks for nodes month by month."""
    if isinstance(cost, OwnedIn) and cost.growth is not None and policy != "monthly":
        findings.add(f"{at}/growth", f"has no meaning under the policy {policy!r}: it follows the policy 'monthly'")
