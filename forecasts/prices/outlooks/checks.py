"""What can only be checked of an outlook with the plan's routes at hand: that the rates it asks for are known."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from forecasts.errors import Findings
from forecasts.plan import Plan
from forecasts.prices.book import NoPrice, PriceBook
from forecasts.prices.outlooks.courses.successor import Successor
from forecasts.prices.usage import billed_units
from forecasts.routing import shares_by_month
from forecasts.workload import ApiRoute, Demand

Used = npt.NDArray[np.bool_]


def check_outlooks(plan: Plan, book: PriceBook, frozen: PriceBook, findings: Findings, at: str) -> None:
    """Records outlooks that need a rate which is not known, or a ratio to a rate of nothing, once per outlook."""
    for demand, route, used in _usages(plan):
        for index, outlook in enumerate(plan.outlooks):
            if outlook.covers(route):
                pointer = f"{at}/{index}"
                if not outlook.scheduled_steps:
                    meters = billed_units(demand, route, book)
                    _require_rates(frozen, route, meters, demand, used, findings, f"{pointer}/scheduled_steps")
                if isinstance(outlook.course, Successor):
                    rates = book if outlook.scheduled_steps else frozen
                    _check_successor(outlook.course, route, demand, used, rates, plan, findings, f"{pointer}/to_model")
                break


def _usages(plan: Plan) -> Iterator[tuple[Demand, ApiRoute, Used]]:
    """Every API route that a workload may use, by itself or by overflow, with the months of use."""
    overflow = {fleet.name: fleet.overflow_to for fleet in plan.fleets}
    for workload in plan.workloads:
        for route, share in shares_by_month(workload, plan.timeline):
            billed = route if isinstance(route, ApiRoute) else overflow.get(route.fleet)
            if billed is not None:
                yield workload.demand, billed, share > 0.0


def _check_successor(
    course: Successor,
    route: ApiRoute,
    demand: Demand,
    used: Used,
    book: PriceBook,
    plan: Plan,
    findings: Findings,
    at: str,
) -> None:
    migrated = used & (course.share_of_months(plan.timeline.edges) > 0.0)
    following = course.route_from(route)
    meters = billed_units(demand, route, book)
    if not _require_rates(book, following, meters, demand, migrated, findings, at):
        return
    for meter in meters:
        own, after = (_rates(book, one, meter, demand, migrated) for one in (route, following))
        if (migrated & (own == 0.0) & (after > 0.0)).any():
            _add_once(
                findings, at, f"charges for {meter}, which {route} gives away: no ratio leads from one to the other"
            )


def _require_rates(
    book: PriceBook,
    route: ApiRoute,
    meters: Iterable[str],
    demand: Demand,
    used: Used,
    findings: Findings,
    at: str,
) -> bool:
    try:
        for meter in meters:
            _rates(book, route, meter, demand, used)
    except NoPrice as missing:
        _add_once(findings, at, missing.detail)
        return False
    return True


def _rates(book: PriceBook, route: ApiRoute, meter: str, demand: Demand, used: Used) -> npt.NDArray[np.float64]:
    return book.rate_path(
        route,
        meter,
        prompt_tokens=demand.input_tokens_per_request,
        hourly_weights=demand.hourly_weights,
        used=used,
    ).per_token


def _add_once(findings: Findings, pointer: str, detail: str) -> None:
    if not any(problem.pointer == pointer for problem in findings.problems):
        findings.add(pointer, detail)
