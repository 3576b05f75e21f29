"""The expected cost lines of many plans on the same draws, each thing that they share computed once."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from forecasts.actuals import months_ahead
from forecasts.budgeting.actual_lines import actual_series
from forecasts.budgeting.contract_lines import settlement_series
from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.metering import usage_series
from forecasts.catalog.price_series import jumps_known_as_of
from forecasts.checks import frozen_book_of, price_book_of
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.errors import InvalidInput, Problem
from forecasts.explain.bridge.costing.fleet import FleetState, enter_fleet
from forecasts.explain.bridge.costing.usage import MeanUsage, PricedBy
from forecasts.fleet.operation import FleetLoad
from forecasts.fleet.scaling.planned import planned_requests
from forecasts.plan import Plan
from forecasts.prices.book import NoPrice
from forecasts.prices.contracts.settlement import ContractAccounts, settle
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.usage import UsagePricing
from forecasts.routing import shares_by_month
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand, Workload

Answer = TypeVar("Answer")


def cost_lines(
    plans: Sequence[Plan], standing_in: Sequence[Plan], report: Callable[[float], None] = lambda _fraction: None
) -> list[LineLedger]:
    """The lines of each plan as `forecast` enters them. All have one horizon and the same draws.

    Where a plan's own prices do not cover a usage, those of `standing_in` do, the first that can. Raises InvalidInput
    where none can.
    """
    return _Costing(plans, standing_in).lines(report)


class _Costing:
    def __init__(self, plans: Sequence[Plan], standing_in: Sequence[Plan]) -> None:
        self._plans = plans
        self._timeline = plans[0].timeline
        self._draws = Draws(seed=plans[0].seed, count=plans[0].draws)
        self._priced: dict[tuple[int, ...], PricedBy] = {}
        self._price_keys = [self._price_key(plan) for plan in plans]
        self._by_name = [{workload.name: workload for workload in plan.workloads} for plan in plans]
        self._accounts = [ContractAccounts() for _ in plans]
        self._standing_in = [self._price_key(plan) for plan in standing_in]

    def lines(self, report: Callable[[float], None]) -> list[LineLedger]:
        ledgers = [LineLedger(months=self._timeline.months, ahead=self._ahead(plan)) for plan in self._plans]
        loads: list[dict[str, list[tuple[Any, FleetLoad]]]] = [{} for _ in self._plans]
        names = list(dict.fromkeys(workload.name for plan in self._plans for workload in plan.workloads))
        fleets = list(dict.fromkeys(fleet.name for plan in self._plans for fleet in plan.fleets))
        for index, name in enumerate(names):
            self._enter_workload(name, ledgers, loads)
            report((index + 1) / (len(names) + len(fleets)))
        for index, name in enumerate(fleets):
            states = [
                FleetState(
                    plan=plan,
                    fleet=fleet,
                    loads=loads[number].get(name, []),
                    ledger=ledgers[number],
                    accounts=self._accounts[number],
                    prices=self._price_keys[number],
                )
                for number, plan in enumerate(self._plans)
                for fleet in plan.fleets
                if fleet.name == name
            ]
            enter_fleet(states, self._timeline, self._draws, self._exchange, self._usage)
            report((len(names) + index + 1) / (len(names) + len(fleets)))
        for number, plan in enumerate(self._plans):
            self._enter_settlements(plan, number, ledgers[number])
            for series in actual_series(plan, self._first(self._price_keys[number], lambda priced: priced.book)):
                ledgers[number].add_recorded(series)
        return ledgers

    def _ahead(self, plan: Plan) -> npt.NDArray[np.bool_] | None:
        """The months that are still forecast; None is all of them."""
        return months_ahead(plan.actuals, self._timeline) if plan.actuals else None

    def _enter_settlements(self, plan: Plan, number: int, ledger: LineLedger) -> None:
        shape = (self._timeline.months, self._draws.count)
        for contract in plan.contracts:
            if contract.is_settled:
                worth = self._exchange(self._price_keys[number], contract.currency)
                spend = self._accounts[number].spend(contract, None, shape)
                for settlement in settle(contract, spend, self._timeline, worth):
                    ledger.add(settlement_series(contract, settlement))

    def _enter_workload(
        self, name: str, ledgers: list[LineLedger], loads: list[dict[str, list[tuple[Any, FleetLoad]]]]
    ) -> None:
        requested: dict[Any, FloatArray] = {}
        planned: dict[Any, FloatArray | None] = {}
        usages: dict[Any, MeanUsage] = {}
        entered: dict[Any, list[LineSeries]] = {}
        for number, plan in enumerate(self._plans):
            workload = self._by_name[number].get(name)
            if workload is None:
                continue
            demand = demand_key(workload.demand)
            if demand not in requested:
                requested[demand] = request_paths(workload, self._timeline, self._draws, plan.correlations)
            requests = requested[demand]
            scaling = {fleet.name: fleet.scaling for fleet in plan.fleets}
            for route, share in shares_by_month(workload, self._timeline):
                use = (demand, route, share.tobytes())
                routed = requests if (share == 1.0).all() else requests * share[:, None]
                if isinstance(route, ApiRoute):
                    key = (*use, self._price_keys[number])
                    if key not in usages:
                        usages[key] = self._usage(self._price_keys[number], workload.demand, route, routed)
                    labelled = (*key, workload.cost_center, workload.gl_account)
                    if labelled not in entered:
                        entered[labelled] = usage_series(workload, route, usages[key].meters, kind="usage")
                    for series in entered[labelled]:
                        ledgers[number].add(series)
                    self._accounts[number].add(usages[key].contract_uses)
                elif route.fleet in scaling:
                    ahead = (demand, scaling[route.fleet])
                    if ahead not in planned:
                        planned[ahead] = planned_requests(
                            scaling[route.fleet], workload, requests, self._timeline, self._draws, plan.correlations
                        )
                    expected = planned[ahead]
                    load = FleetLoad(
                        workload=workload,
                        requests=routed,
                        planned=None if expected is None else expected * share[:, None],
                    )
                    loads[number].setdefault(route.fleet, []).append(((use, _served_as(workload)), load))

    def _price_key(self, plan: Plan) -> int:
        parts = (
            plan.as_of,
            plan.exchange_rates,
            plan.outlooks,
            plan.prices,
            plan.utc_windows,
            plan.contracts,
            plan.actuals,
        )
        key = (parts[0].toordinal(), *(id(part) for part in parts[1:]))
        if key not in self._priced:
            scene = Scene(
                timeline=self._timeline,
                draws=self._draws,
                as_of=plan.as_of,
                record_of=partial(jumps_known_as_of, plan.as_of),
            )
            book = price_book_of(plan)
            pricing = UsagePricing(
                book,
                PricePaths(plan.outlooks, scene),
                {},
                frozen=frozen_book_of(plan, book),
                contracts=plan.contracts,
                ahead=self._ahead(plan),
            )
            self._priced[key] = PricedBy(plan=plan, book=book, pricing=pricing)
        return list(self._priced).index(key)

    def _usage(self, prices: int, demand: Demand, route: ApiRoute, requests: FloatArray) -> MeanUsage:
        return self._first(prices, lambda priced: priced.price(demand, route, requests))

    def _exchange(self, prices: int, currency: str) -> FloatArray:
        return self._first(prices, lambda priced: priced.book.exchange_path(currency))

    def _first(self, prices: int, asked: Callable[[PricedBy], Answer]) -> Answer:
        known = list(self._priced.values())
        for index in dict.fromkeys((prices, *self._standing_in)):
            try:
                return asked(known[index])
            except NoPrice as unknown:
                missing = unknown.detail
        raise InvalidInput((Problem(pointer="/from", detail=f"has no bridge to the other forecast: {missing}"),))


def demand_key(demand: Demand) -> tuple[Any, ...]:
    """Equal for demands that say the same."""
    values = (getattr(demand, one.name) for one in fields(demand))
    return tuple(value.tobytes() if isinstance(value, np.ndarray) else value for value in values)


def _served_as(workload: Workload) -> tuple[Any, ...]:
    """What of a workload beside its demand changes its part of a fleet."""
    return (
        workload.name,
        workload.cost_center,
        workload.task,
        workload.temperature,
        workload.top_p,
        workload.min_tokens_per_second_per_user,
    )
