"""Compares hardware for one workload of a plan: its volume from the plan, evidence and rates from the catalogue."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

import msgspec

from forecasts.catalog.benchmarks import load_benchmarks
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.errors import Findings, InvalidInput
from forecasts.hardware.comparison import compare_hardware, measured_models
from forecasts.hardware.sizing import ServedLoad
from forecasts.plan import Plan
from forecasts.workload import FleetRoute, Workload
from service.schemas.hardware.comparison import ComparisonOut, comparison_out
from service.schemas.hardware.comparison_request import ComparisonChoiceIn
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn

MOST_DRAWS = 4096  # only means are asked of them, while somebody waits


def compare_fleets(
    plan: PlanIn,
    workload: str,
    asked: ComparisonChoiceIn,
    *,
    now: datetime,
    known_prices: Callable[[PlanIn, date], Iterable[PriceIn]],
    plan_at: str = "/plan",
) -> ComparisonOut:
    """Raises InvalidInput with every problem of the plan, below `plan_at`, or else of what was asked.

    `known_prices` are the price rows of a plan's models as known on a day, which the plan's own checks ask for.
    """
    findings = Findings()
    if asked.as_of is not None:
        plan, as_of_at = msgspec.structs.replace(plan, as_of=asked.as_of), ""
    else:
        as_of_at = plan_at
    as_of = plan.resolve_as_of(findings, as_of_at, now.date())
    findings.end()
    checked = plan.to_plan(now=now, at=plan_at, known_prices=known_prices(plan, as_of))
    findings = Findings()
    chosen = next((one for one in checked.workloads if one.name == workload), None)
    if chosen is None:
        names = ", ".join(one.name for one in checked.workloads)
        findings.add("/workload", f"{workload!r} is no workload of the plan; there are {names or 'none'}")
        asked.to_terms(findings, "", served_model="", as_of=checked.as_of)
        raise InvalidInput(tuple(findings.problems))
    served = served_model(checked, chosen)
    terms = asked.to_terms(findings, "", served_model=served, as_of=checked.as_of)
    load = served_load(checked, chosen)
    if load.output_tokens <= 0.0:
        findings.add("/workload", f"{workload!r} has no output tokens in the horizon, so nothing has a unit cost")
    findings.end()
    notes = []
    if terms.choice.model != served:
        notes.append(f"the plan serves {workload} with {served}; the benchmarks are of {terms.choice.model}")
    if terms.choice.model not in measured_models():
        notes.append(f"nothing is measured for {served}; choose a model of {', '.join(measured_models())}")
    elif (widest := _measured_most_widely()) != terms.choice.model and asked.model is None:
        notes.append(f"more hardware is measured with {widest}: choose it as the model for a wider comparison")
    notes.append("benchmarks send random tokens without a prefix cache; their rates are not those of your traffic")
    found = compare_hardware(load, terms)
    return comparison_out(found, load, workload=workload, timeline=checked.timeline, notes=notes)


def served_model(plan: Plan, workload: Workload) -> str:
    """The model of the workload's first route: that of its fleet, or the provider's."""
    serves = {fleet.name: fleet.serves for fleet in plan.fleets}
    route = workload.route_sets[0].shares[0].route
    name = serves[route.fleet] if isinstance(route, FleetRoute) else route.model
    return name.rpartition("/")[2]


def served_load(plan: Plan, workload: Workload) -> ServedLoad:
    """The whole of a workload, with the target utilisation and the burst factor of the first fleet it goes to."""
    demand, timeline = workload.demand, plan.timeline
    requests = request_paths(
        workload, timeline, Draws(seed=plan.seed, count=min(plan.draws, MOST_DRAWS)), plan.correlations
    )
    used = [
        share.route.fleet
        for routes in workload.route_sets
        for share in routes.shares
        if isinstance(share.route, FleetRoute)
    ]
    fleet = next((fleet for fleet in plan.fleets if used and fleet.name == used[0]), None)
    return ServedLoad(
        requests=requests.mean(axis=1),
        hours=timeline.hours,
        hourly_weights=demand.hourly_weights,
        input_tokens_per_request=demand.input_tokens_per_request - demand.cached_input_tokens,
        output_tokens_per_request=demand.output_tokens,
        # A required speed of nothing requires nothing, not even that a speed was measured.
        min_tokens_per_second_per_user=workload.min_tokens_per_second_per_user or None,
        target_utilization_fraction=1.0 if fleet is None else fleet.target_utilization_fraction,
        burst_factor=1.0 if fleet is None else fleet.burst_factor,
    )


def _measured_most_widely() -> str:
    """The model that was measured on most accelerators."""
    measured = {(row.model, row.accelerator) for row in load_benchmarks()}
    counts = Counter(model for model, _ in sorted(measured))
    return max(counts, key=lambda model: counts[model])
