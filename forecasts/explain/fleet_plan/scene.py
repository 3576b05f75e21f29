"""One fleet and its workloads on one set of draws, on which any mix of nodes can be tried."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.checks import frozen_book_of
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeUse
from forecasts.fleet.operation import FleetLoad, operate
from forecasts.fleet.scaling.planned import planned_requests
from forecasts.fleet.scaling.terms import Hourly, Monthly, Scaling
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.usage import UsagePricing
from forecasts.routing import shares_by_month
from forecasts.speculation.speedup import fleet_speedup
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import FleetRoute, Workload


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What a mix costs over the horizon and how it serves; paths have shape `[draws]`, money is in the currency."""

    nodes: NodeUse
    utilization_fraction: float
    fleet: FloatArray
    overflow: FloatArray
    unserved: npt.NDArray[np.bool_]

    @property
    def effective(self) -> FloatArray:
        """The fleet's effective cost and its overflow."""
        return self.fleet + self.overflow

    @property
    def expected(self) -> float:
        return float(self.effective.mean())

    @property
    def unserved_probability(self) -> float:
        """The share of paths on which some request of the horizon finds neither a node nor a route."""
        return float(self.unserved.mean())


class FleetScene:
    """Draws a fleet's demand, prices and speedup once, and runs the fleet with any mix of nodes on them."""

    def __init__(self, plan: Plan, fleet: Fleet, book: PriceBook, draws: Draws) -> None:
        self._plan, self._draws = plan, draws
        self._exchange = book.exchange_path(fleet.currency)
        scene = Scene(
            timeline=plan.timeline, draws=draws, as_of=plan.as_of, record_of=partial(jumps_known_as_of, plan.as_of)
        )
        self._pricing = UsagePricing(
            book,
            PricePaths(plan.outlooks, scene),
            {},
            frozen=frozen_book_of(plan, book),
            contracts=plan.contracts,
        )
        route = FleetRoute(fleet=fleet.name)
        self._routed: list[tuple[Workload, FloatArray, FloatArray]] = []
        for workload in plan.workloads:
            share = dict(shares_by_month(workload, plan.timeline)).get(route)
            if share is not None:
                requests = request_paths(workload, plan.timeline, draws, plan.correlations)
                self._routed.append((workload, requests, share[:, None]))
        self._speedup = fleet_speedup(
            fleet, [workload for workload, _, _ in self._routed], plan.timeline, draws, plan.measurements
        )
        self._loads: dict[int, list[FleetLoad]] = {}

    def most_needed(self, fleet: Fleet) -> int:
        """The nodes of the busiest hour of all months and paths: more serve nothing."""
        unbounded = replace(fleet, scaling=Hourly(), nodes=0)
        return int(self.try_out(unbounded).nodes.serving.max(initial=0.0))

    def try_out(self, fleet: Fleet) -> Outcome:
        """Runs the fleet as given, with nodes other than those it was drawn for."""
        timeline: Timeline = self._plan.timeline
        loads = self._loads_under(fleet.scaling)
        digits = minor_digits(self._plan.currency)
        run = operate(fleet, loads, timeline, self._speedup, self._exchange, self._draws.count, digits)
        cost, overflow = np.zeros(self._draws.count), np.zeros(self._draws.count)
        unserved = np.zeros(self._draws.count, dtype=np.bool_)
        for stream in run.streams:
            cost += stream.effective.sum(axis=0)
        for load, served in zip(loads, run.served, strict=True):
            lost = run.not_served(load, served)
            if lost is None:
                continue
            if fleet.overflow_to is None:
                unserved |= (lost > 0.0).any(axis=0)
            else:
                overflow += self._pricing.price(load.workload.demand, fleet.overflow_to, lost).paths.sum(axis=0)
        hours = np.broadcast_to(run.nodes.serving_hours, run.utilization.shape)
        busy = float((run.utilization * hours).sum())
        total = float(hours.sum())
        return Outcome(
            nodes=run.nodes,
            utilization_fraction=busy / total if total > 0.0 else 0.0,
            fleet=cost,
            overflow=overflow,
            unserved=unserved,
        )

    def _loads_under(self, scaling: Scaling) -> list[FleetLoad]:
        lead = scaling.lead_time_months if isinstance(scaling, Monthly) else 0
        if lead not in self._loads:
            plan, loads = self._plan, []
            for workload, requests, share in self._routed:
                planned = planned_requests(scaling, workload, requests, plan.timeline, self._draws, plan.correlations)
                loads.append(
                    FleetLoad(
                        workload=workload,
                        requests=requests * share,
                        planned=None if planned is None else planned * share,
                    )
                )
            self._loads[lead] = loads
        return self._loads[lead]
