"""What can only be checked across a whole plan: names that refer to each other, known prices, volumes that grow."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from forecasts.catalog.models import load_models
from forecasts.errors import Findings
from forecasts.fleet.costs.checks import check_cost
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.scaling.checks import check_scaling
from forecasts.plan import Plan
from forecasts.prices.book import NoPrice, PriceBook
from forecasts.prices.contracts.checks import check_contracts
from forecasts.prices.outlooks.checks import check_outlooks
from forecasts.prices.outlooks.courses.successor import Successor
from forecasts.prices.outlooks.frozen import frozen_prices
from forecasts.prices.usage import billed_units
from forecasts.routing import shares_by_month
from forecasts.speculation.checks import PointedWorkload, check_decoder
from forecasts.speculation.measurement import check_measurements
from forecasts.workload import ApiRoute, Demand, FleetRoute, Workload

MAX_TOKENS_PER_MONTH = 1e17


def price_book_of(plan: Plan) -> PriceBook:
    return PriceBook(
        plan.prices,
        windows=plan.utc_windows,
        exchange_rates=plan.exchange_rates,
        currency=plan.currency,
        as_of=plan.as_of,
        timeline=plan.timeline,
    )


def frozen_book_of(plan: Plan, book: PriceBook) -> PriceBook:
    """What outlooks without scheduled steps start from; the plan's own book where there are none."""
    if all(outlook.scheduled_steps for outlook in plan.outlooks):
        return book
    return price_book_of(replace(plan, prices=frozen_prices(plan.prices, plan.as_of)))


def check_plan(plan: Plan, findings: Findings, at: str = "") -> None:
    """Records every problem of a plan whose parts are each in order, by pointers into the plan document."""
    check_references(plan, findings, at)
    book = price_book_of(plan)
    fleets = {fleet.name: (index, fleet) for index, fleet in enumerate(plan.fleets)}
    for index, fleet in enumerate(plan.fleets):
        pointer, loads = f"{at}/fleets/{index}", _workloads_on(fleet, plan, at)
        _check_fleet(fleet, plan, book, findings, pointer)
        check_scaling(fleet, [load.workload.demand for load in loads], plan.timeline.months, findings, pointer)
        check_decoder(fleet, loads, plan.measurements, plan.seed, findings, pointer)
    for index, workload in enumerate(plan.workloads):
        pointer = f"{at}/workloads/{index}"
        _check_volume(workload.demand, plan, findings, f"{pointer}/demand")
        _check_routes(workload, plan, book, fleets, findings, pointer, f"{at}/fleets")
    if not findings.problems:
        check_contracts(plan, book, findings, f"{at}/contracts")
        check_outlooks(plan, book, frozen_book_of(plan, book), findings, f"{at}/outlooks")


def check_references(plan: Plan, findings: Findings, at: str = "") -> None:
    """Records names that nothing bears. It asks for nothing else to be in order, so it can join any other findings."""
    known = _known_models(plan)
    fleets = {fleet.name for fleet in plan.fleets}
    models: list[tuple[str, ApiRoute]] = [
        (f"{at}/outlooks/{index}/to_model", ApiRoute(provider=outlook.course.provider, model=outlook.course.model))
        for index, outlook in enumerate(plan.outlooks)
        if isinstance(outlook.course, Successor)
    ]
    for index, fleet in enumerate(plan.fleets):
        if fleet.overflow_to is not None:
            models.append((f"{at}/fleets/{index}/overflow_to/model", fleet.overflow_to))
    for index, workload in enumerate(plan.workloads):
        pointer = f"{at}/workloads/{index}"
        if workload.compare_to is not None:
            models.append((f"{pointer}/compare_to/model", workload.compare_to))
        for set_index, route_set in enumerate(workload.route_sets):
            for share_index, entry in enumerate(route_set.shares):
                to = f"{pointer}/routes/{set_index}/to/{share_index}"
                if isinstance(entry.route, ApiRoute):
                    models.append((f"{to}/model", entry.route))
                elif entry.route.fleet not in fleets:
                    findings.add(f"{to}/fleet", _unknown("fleet", entry.route.fleet, sorted(fleets)))
    check_measurements(plan.measurements, plan.fleets, findings, f"{at}/measurements")
    already = [problem.pointer for problem in findings.problems]
    for pointer, route in models:
        name = f"{route.provider}/{route.model}"
        if name not in known and not any(pointer.startswith(found) for found in already):
            findings.add(pointer, _unknown("model", name, sorted(known)))


def _check_routes(
    workload: Workload,
    plan: Plan,
    book: PriceBook,
    fleets: dict[str, tuple[int, Fleet]],
    findings: Findings,
    at: str,
    fleets_at: str,
) -> None:
    first = workload.route_sets[0].first_month
    if first is not None and first > plan.timeline.first:
        findings.add(
            f"{at}/routes/0/from", f"leaves {plan.timeline.first} without a route: the first set must cover it"
        )
    used = {route: share > 0.0 for route, share in shares_by_month(workload, plan.timeline)}
    never = np.zeros(plan.timeline.months, dtype=bool)
    if workload.compare_to is not None:
        on_fleets = sum((months for route, months in used.items() if isinstance(route, FleetRoute)), never)
        _check_route(workload.compare_to, workload.demand, on_fleets, book, findings, f"{at}/compare_to/model")
    for set_index, route_set in enumerate(workload.route_sets):
        for index, entry in enumerate(route_set.shares):
            pointer = f"{at}/routes/{set_index}/to/{index}"
            months = used.get(entry.route, never)
            if isinstance(entry.route, ApiRoute):
                _check_route(entry.route, workload.demand, months, book, findings, f"{pointer}/model")
            elif entry.route.fleet in fleets:
                fleet_index, fleet = fleets[entry.route.fleet]
                if fleet.overflow_to is not None:
                    pointer = f"{fleets_at}/{fleet_index}/overflow_to/model"
                    _check_route(fleet.overflow_to, workload.demand, months, book, findings, pointer)


def _check_route(
    route: ApiRoute,
    demand: Demand,
    used: npt.NDArray[np.bool_],
    book: PriceBook,
    findings: Findings,
    at: str,
) -> None:
    """A price for every meter in the months in which a known model is used, shape `[months]`."""
    if any(problem.pointer == at for problem in findings.problems):
        return
    for meter in billed_units(demand, route, book):
        try:
            book.rate_path(
                route,
                meter,
                prompt_tokens=demand.input_tokens_per_request,
                hourly_weights=demand.hourly_weights,
                used=used,
            )
        except NoPrice as missing:
            findings.add(at, missing.detail)
            return


def _check_fleet(fleet: Fleet, plan: Plan, book: PriceBook, findings: Findings, at: str) -> None:
    try:
        book.exchange_path(fleet.currency)
    except NoPrice as missing:
        findings.add(f"{at}/currency", missing.detail)
    check_cost(fleet, plan.timeline, findings, at)


def _workloads_on(fleet: Fleet, plan: Plan, at: str) -> list[PointedWorkload]:
    """Those that send requests to a fleet within the horizon."""
    here = FleetRoute(fleet=fleet.name)
    return [
        PointedWorkload(workload=workload, pointer=f"{at}/workloads/{index}")
        for index, workload in enumerate(plan.workloads)
        if any(route == here and share.any() for route, share in shares_by_month(workload, plan.timeline))
    ]


def _check_volume(demand: Demand, plan: Plan, findings: Findings, at: str) -> None:
    """Growth is declared, so its extreme is too: a volume beyond any estate is a typing error, not a forecast."""
    since_base = (plan.timeline.indices - demand.base_month.index).astype(np.float64)
    if abs(float(since_base[0])) > 600:
        findings.add(f"{at}/base_month", "lies more than 50 years from the horizon")
        return
    tokens = demand.requests_per_month * max(1.0, demand.input_tokens_per_request + demand.output_tokens)
    if tokens <= 0.0:
        return
    growth = np.maximum(
        since_base * math.log1p(demand.monthly_growth.high), since_base * math.log1p(demand.monthly_growth.low)
    )
    log_tokens = math.log(tokens) + float(growth.max()) + 4.0 * demand.noise_fraction
    log_tokens += sum(max(0.0, math.log(step.factor)) for step in demand.steps if step.factor > 0.0)
    if log_tokens > math.log(MAX_TOKENS_PER_MONTH):
        field = "monthly_growth" if growth.max() > 1.0 else "requests_per_month"
        findings.add(
            f"{at}/{field}",
            f"reaches 10^{log_tokens / math.log(10.0):.1f} tokens a month within the horizon; 10^17 is the most",
        )


def _known_models(plan: Plan) -> set[str]:
    """Models that bear a name anywhere; whether they have a price at the time is another question."""
    packaged = {f"{model.provider}/{model.model}" for model in load_models() if model.kind != "weights"}
    return packaged | {f"{price.provider}/{price.model}" for price in plan.prices}


def _unknown(what: str, name: str, known: list[str]) -> str:
    """Says what is close, as far as a reader can use it."""
    provider = name.partition("/")[0]
    near = [one for one in known if one.startswith(f"{provider}/")] or known
    listed = ", ".join(near[:12]) + (", ..." if len(near) > 12 else "")
    return f"{name!r} is no known {what}; known are {listed or 'none'}"
