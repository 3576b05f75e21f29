"""The main job: a plan in, its budget out, on one set of joint sample paths."""

from collections.abc import Callable
from functools import partial

import numpy as np

from forecasts.budgeting.budget import Budget, Caution
from forecasts.budgeting.contract_lines import enter_settlements
from forecasts.budgeting.lines import LineLedger
from forecasts.budgeting.metering import record_usage
from forecasts.budgeting.price_cautions import conflict_cautions
from forecasts.budgeting.summary import summarise
from forecasts.budgeting.tally import Tally
from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.checks import frozen_book_of, price_book_of
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.explain.waiting import waiting_saved
from forecasts.fleet.charging import ChargedFleet, charge_fleet
from forecasts.fleet.operation import FleetLoad
from forecasts.fleet.replica import model_fit_problem
from forecasts.fleet.scaling.planned import planned_requests
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.outlook import rivals_of
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.usage import UsagePricing
from forecasts.routing import shares_by_month
from forecasts.workload import ApiRoute

Report = Callable[[float], None]


def forecast(plan: Plan, report: Report = lambda _fraction: None) -> Budget:
    """Forecasts a plan that `check_plan` found in order.

    Pure: the same plan gives the same bytes. `report` is told the fraction done and may raise to stop the work.
    """
    draws = Draws(seed=plan.seed, count=plan.draws)
    timeline = plan.timeline
    scene = Scene(timeline=timeline, draws=draws, as_of=plan.as_of, record_of=partial(jumps_known_as_of, plan.as_of))
    chosen = PricePaths(plan.outlooks, scene)
    others = {name: PricePaths(rival, scene) for name, rival in rivals_of(plan.outlooks).items()}
    book = price_book_of(plan)
    pricing = UsagePricing(book, chosen, others, frozen=frozen_book_of(plan, book), contracts=plan.contracts)
    tally = Tally(timeline.months, plan.draws)
    by_outlook = {name: np.zeros(plan.draws) for name in others}
    ledger = LineLedger(months=timeline.months)
    by_name = {fleet.name: fleet for fleet in plan.fleets}
    fleet_loads: dict[str, list[FleetLoad]] = {fleet.name: [] for fleet in plan.fleets}

    work = len(plan.workloads) + len(plan.fleets) + 1
    for index, workload in enumerate(plan.workloads):
        requests = request_paths(workload, timeline, draws, plan.correlations)
        for route, share in shares_by_month(workload, timeline):
            routed = requests if (share == 1.0).all() else requests * share[:, None]
            if isinstance(route, ApiRoute):
                usage = pricing.price(workload.demand, route, routed)
                record_usage(ledger, tally, by_outlook, workload, route, usage, kind="usage")
            else:
                expected = planned_requests(
                    by_name[route.fleet].scaling, workload, requests, timeline, draws, plan.correlations
                )
                planned = None if expected is None else expected * share[:, None]
                fleet_loads[route.fleet].append(FleetLoad(workload=workload, requests=routed, planned=planned))
        report((index + 1) / work)

    charged: list[ChargedFleet] = []
    for index, fleet in enumerate(plan.fleets):
        charged.append(
            charge_fleet(
                fleet,
                fleet_loads[fleet.name],
                timeline=timeline,
                draws=draws,
                measurements=plan.measurements,
                exchange=book.exchange_path(fleet.currency),
                pricing=pricing,
                digits=minor_digits(plan.currency),
                ledger=ledger,
                tally=tally,
                by_outlook=by_outlook,
            )
        )
        report((len(plan.workloads) + index + 1) / work)

    enter_settlements(plan, book, ledger, tally, by_outlook)
    return summarise(
        plan,
        lines=ledger.close(minor_digits(plan.currency)),
        tally=tally,
        chosen_outlook=chosen.name,
        by_outlook=by_outlook,
        fleets=tuple(one.budget for one in charged),
        verdicts=tuple(verdict for one in charged for verdict in one.verdicts),
        break_evens=tuple(found for one in charged for found in one.break_evens),
        waiting=waiting_saved([paths for one in charged for paths in one.waiting], minor_digits(plan.currency)),
        warnings=(*_warnings(plan, charged, fleet_loads), *conflict_cautions(plan, book)),
    )


def _warnings(plan: Plan, charged: list[ChargedFleet], fleet_loads: dict[str, list[FleetLoad]]) -> tuple[Caution, ...]:
    cautions = []
    for index, (fleet, outcome) in enumerate(zip(plan.fleets, charged, strict=True)):
        misfit = model_fit_problem(fleet, [load.workload.demand for load in fleet_loads[fleet.name]])
        if misfit is not None:
            cautions.append(Caution(type="model_does_not_fit", pointer=f"/fleets/{index}/serves", detail=misfit))
        cautions += [
            Caution(type="outside_evidence", pointer=f"/fleets/{index}/decoder", detail=held) for held in outcome.held
        ]
        if fleet.throughput.evidence:
            pointer = f"/fleets/{index}/throughput/benchmark"
            detail = fleet.throughput.evidence
            cautions.append(Caution(type="throughput_from_benchmark", pointer=pointer, detail=detail))
        unserved = float(outcome.budget.unserved_tokens.sum())
        if unserved > 0.0:
            detail = f"{unserved:.4g} output tokens find no capacity on {fleet.name} and have no route to overflow to"
            cautions.append(Caution(type="unserved_tokens", pointer=f"/fleets/{index}/overflow_to", detail=detail))
    return tuple(cautions)
