"""A request to plan a fleet: of a plan that is sent along, or stored under its name."""

from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.explain.fleet_plan.mix import allowed_policies
from forecasts.fleet.fleet import Fleet
from service.schemas import meaning
from service.schemas.plan.plan import PlanIn
from service.schemas.wire import Name, Wire


class FleetPlanChoiceIn(Wire, kw_only=True, frozen=True):
    """The risk to keep, and the policies to choose among; null is all that the fleet's nodes can have."""

    max_unserved_probability: float = 0.05
    policies: (
        Annotated[list[Literal["fixed", "monthly", "hourly"]], msgspec.Meta(min_length=1, max_length=3)] | None
    ) = None

    def check(self, findings: Findings, at: str, fleet: Fleet) -> None:
        meaning.fraction(findings, f"{at}/max_unserved_probability", self.max_unserved_probability)
        allowed = allowed_policies(fleet)
        for index, policy in enumerate(self.policies or ()):
            if policy not in allowed:
                findings.add(
                    f"{at}/policies/{index}",
                    f"must be {allowed[0]!r} for nodes that are bought or leased and cannot be given back",
                )


class FleetPlanIn(FleetPlanChoiceIn, kw_only=True, frozen=True):
    """`fleet` is one of the `plan`'s, or of the workspace where no plan is sent."""

    fleet: Name
    plan: PlanIn | None = None
