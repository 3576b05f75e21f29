"""What is wrong with a fleet's cost beside its nodes, and beside the horizon of a plan."""

from datetime import timedelta

from forecasts.errors import Findings
from forecasts.fleet.costs.one_offs import hourly_rates
from forecasts.fleet.costs.terms import Committed, Owned, Tranche
from forecasts.fleet.fleet import Fleet
from forecasts.timeline import Month, Timeline


def check_declared_nodes(fleet: Fleet, findings: Findings, at: str = "") -> None:
    """Tranches must put as many nodes in service at once as the fleet declares, no more and no fewer."""
    cost = fleet.cost
    if not isinstance(cost, Owned) or not cost.tranches or any(tranche.nodes is None for tranche in cost.tranches):
        return
    counted = (f"{at}/cost/tranches", f"{at}/nodes", f"{at}/scaling")
    if any(problem.pointer.startswith(counted) for problem in findings.problems):
        return
    declared = fleet.nodes + fleet.spare_nodes
    most = max(_nodes_on(cost.tranches, Month.of(tranche.in_service)) for tranche in cost.tranches)
    if most != declared:
        findings.add(
            f"{at}/cost/tranches",
            f"put at most {most} nodes in service at once, where nodes and spare_nodes declare {declared}",
        )


def check_cost(fleet: Fleet, timeline: Timeline, findings: Findings, at: str = "") -> None:
    """What a plan's horizon asks of a fleet's cost: rates from its start, and service within it."""
    rates = hourly_rates(fleet)
    starts = rates[0].starts if rates else None
    if starts is not None and starts > timeline.first.first_day:
        name = "on_demand_rates" if isinstance(fleet.cost, Committed) else "rates"
        findings.add(f"{at}/cost/{name}/0/from", f"leaves {timeline.first} without a rate")
    if isinstance(fleet.cost, Owned):
        _check_service(fleet.cost, timeline, findings, f"{at}/cost")
    for index, one_off in enumerate(fleet.one_offs):
        after_start = starts is None or starts < one_off.month.plus(1).first_day
        if one_off.amount is None and not after_start:
            findings.add(f"{at}/one_offs/{index}/amount", f"is needed: no hourly rate holds in {one_off.month} yet")


def _check_service(cost: Owned, timeline: Timeline, findings: Findings, at: str) -> None:
    after = timeline.first.plus(timeline.months).first_day
    last_day = after - timedelta(days=1)
    for index, tranche in enumerate(cost.tranches):
        pointer = at if tranche.nodes is None else f"{at}/tranches/{index}"
        if tranche.in_service >= after:
            findings.add(f"{pointer}/in_service", f"lies after the horizon, whose last day is {last_day}")
    before = any(Month.of(tranche.in_service) < timeline.first for tranche in cost.tranches)
    if cost.production is not None and before and cost.production.before_horizon_per_node is None:
        findings.add(
            f"{at}/production/before_horizon_per_node",
            f"is needed: what a node in service before {timeline.first} has produced by then",
        )


def _nodes_on(tranches: tuple[Tranche, ...], month: Month) -> int:
    return sum(
        tranche.nodes or 0
        for tranche in tranches
        if Month.of(tranche.in_service) <= month
        and (tranche.disposal is None or month < Month.of(tranche.disposal.day))
    )
