"""Plans a fleet of a plan document: the search of the kernel, asked and answered in wire shapes."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from forecasts.errors import Findings, InvalidInput, Problem
from forecasts.explain.fleet_plan.planning import plan_fleet
from forecasts.money import minor_digits
from forecasts.plan import Plan
from service.schemas.hardware.fleet_plan import FleetPlanOut, fleet_plan_out
from service.schemas.hardware.fleet_plan_request import FleetPlanChoiceIn
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn

MOST_DRAWS = 4096  # somebody waits for the answer


def read_plan(
    plan: PlanIn, *, now: datetime, known_prices: Callable[[PlanIn, date], Iterable[PriceIn]], at: str = "/plan"
) -> Plan:
    """The domain value of a plan with the prices known on its day; raises InvalidInput, by pointers below `at`."""
    findings = Findings()
    as_of = plan.resolve_as_of(findings, at, now.date())
    findings.end()
    return plan.to_plan(now=now, at=at, known_prices=known_prices(plan, as_of))


def planned_fleet(
    plan: Plan, name: str, asked: FleetPlanChoiceIn, report: Callable[[float], None] = lambda _fraction: None
) -> FleetPlanOut:
    """`plan` is in order; raises InvalidInput for a fleet that it has not, and for what was asked, by pointers."""
    fleet = next((one for one in plan.fleets if one.name == name), None)
    if fleet is None:
        names = ", ".join(one.name for one in plan.fleets)
        detail = f"{name!r} is no fleet of the plan; there are {names or 'none'}"
        raise InvalidInput((Problem(pointer="/fleet", detail=detail),))
    findings = Findings()
    asked.check(findings, "", fleet)
    findings.end()
    found = plan_fleet(
        replace(plan, draws=min(plan.draws, MOST_DRAWS)),
        fleet,
        asked.max_unserved_probability,
        tuple(asked.policies or ()),
        report,
    )
    return fleet_plan_out(found, currency=plan.currency, digits=minor_digits(plan.currency))
