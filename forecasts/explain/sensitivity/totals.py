"""What a plan costs over its horizon on each path, and nothing else of a forecast."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from forecasts.actuals import months_ahead
from forecasts.budgeting.actual_lines import actual_series
from forecasts.budgeting.tally import Tally
from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.checks import frozen_book_of, price_book_of
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.fleet.operation import FleetLoad, operate
from forecasts.fleet.scaling.planned import planned_requests
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.contracts.settlement import settle
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.usage import Usage, UsagePricing
from forecasts.routing import shares_by_month
from forecasts.speculation.speedup import fleet_speedup
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

Exchange = Callable[[str], FloatArray]


def horizon_totals(plan: Plan, draws: Draws) -> tuple[FloatArray, dict[str, float]]:
    """The total on the basis of the plan's budget, shape `[draws]`, and the mean cost of each workload.

    Same draws, same totals as `forecast` (its own are of the plan's seed and number).
    """
    scene = Scene(
        timeline=plan.timeline, draws=draws, as_of=plan.as_of, record_of=partial(jumps_known_as_of, plan.as_of)
    )
    book = price_book_of(plan)
    pricing = UsagePricing(
        book,
        PricePaths(plan.outlooks, scene),
        {},
        frozen=frozen_book_of(plan, book),
        contracts=plan.contracts,
        ahead=_ahead(plan),
    )
    return _Totals(plan, draws, pricing, book).run(book.exchange_path)


def _ahead(plan: Plan) -> npt.NDArray[np.bool_] | None:
    """The months that are still forecast; None is all of them."""
    return months_ahead(plan.actuals, plan.timeline) if plan.actuals else None


class _Totals:
    def __init__(self, plan: Plan, draws: Draws, pricing: UsagePricing, book: PriceBook) -> None:
        self._plan = plan
        self._book = book
        self._draws = draws
        self._pricing = pricing
        self._tally = Tally(plan.timeline.months, draws.count, _ahead(plan))
        self._of_workload: dict[str, float] = {}

    def run(self, exchange: Exchange) -> tuple[FloatArray, dict[str, float]]:
        loads: dict[str, list[FleetLoad]] = {fleet.name: [] for fleet in self._plan.fleets}
        self._add_workloads(loads)
        self._add_fleets(loads, exchange)
        self._settle(exchange)
        for recorded in actual_series(self._plan, self._book):
            self._tally.add_recorded([], recorded.effective, recorded.billed)
        on_effective = self._plan.budget_basis == "effective"
        totals: FloatArray = (self._tally.effective if on_effective else self._tally.billed).sum(axis=0)
        return totals, self._of_workload

    def _add_workloads(self, loads: dict[str, list[FleetLoad]]) -> None:
        plan, timeline = self._plan, self._plan.timeline
        scaling = {fleet.name: fleet.scaling for fleet in plan.fleets}
        for workload in plan.workloads:
            requests = request_paths(workload, timeline, self._draws, plan.correlations)
            for route, share in shares_by_month(workload, timeline):
                routed = requests * share[:, None]
                if isinstance(route, ApiRoute):
                    self._add_usage(workload.name, self._pricing.price(workload.demand, route, routed))
                    continue
                expected = planned_requests(
                    scaling[route.fleet], workload, requests, timeline, self._draws, plan.correlations
                )
                planned = None if expected is None else expected * share[:, None]
                loads[route.fleet].append(FleetLoad(workload=workload, requests=routed, planned=planned))

    def _add_fleets(self, loads: dict[str, list[FleetLoad]], exchange: Exchange) -> None:
        plan, timeline = self._plan, self._plan.timeline
        for fleet in plan.fleets:
            own = loads[fleet.name]
            speedup = fleet_speedup(fleet, [load.workload for load in own], timeline, self._draws, plan.measurements)
            rates = exchange(fleet.currency)
            run = operate(fleet, own, timeline, speedup, rates, self._draws.count, minor_digits(plan.currency))
            for stream in run.streams:
                self._tally.add_total(stream.effective, stream.billed)
            cost = sum(float(stream.effective.mean(axis=1).sum()) for stream in run.streams)
            for load, share in zip(own, run.shares, strict=True):
                name = load.workload.name
                self._of_workload[name] = self._of_workload.get(name, 0.0) + cost * float(share.mean())
            for load, served in zip(own, run.served, strict=True):
                lost = run.not_served(load, served)
                if lost is not None and fleet.overflow_to is not None:
                    usage = self._pricing.price(load.workload.demand, fleet.overflow_to, lost)
                    self._add_usage(load.workload.name, usage)

    def _add_usage(self, workload: str, usage: Usage) -> None:
        self._tally.add_total(usage.paths)
        self._tally.contracts.add(usage.contract_uses)
        mean = sum(float(metered.cost.sum()) for metered in usage.meters)
        self._of_workload[workload] = self._of_workload.get(workload, 0.0) + mean

    def _settle(self, exchange: Exchange) -> None:
        shape = (self._plan.timeline.months, self._draws.count)
        for contract in self._plan.contracts:
            if contract.is_settled:
                spend = self._tally.contracts.spend(contract, None, shape)
                for settlement in settle(contract, spend, self._plan.timeline, exchange(contract.currency)):
                    self._tally.add_total(settlement.effective, settlement.billed)
