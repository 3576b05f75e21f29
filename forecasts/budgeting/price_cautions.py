"""What a reader of a budget should know about the prices it was made of."""

from collections.abc import Iterator

from forecasts.budgeting.budget import Caution
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.in_force.conflicts import describe
from forecasts.prices.usage import billed_units
from forecasts.workload import ApiRoute, Demand


def conflict_cautions(plan: Plan, book: PriceBook) -> tuple[Caution, ...]:
    """A caution for each price in use about which sources contradict each other, where it is first used."""
    cautions: dict[int, Caution] = {}
    for pointer, route, demand in _priced_routes(plan):
        meters = billed_units(demand, route, book)
        for conflict in book.conflicts(route, meters, prompt_tokens=demand.input_tokens_per_request):
            row = conflict.used
            detail = (
                f"sources contradict each other about {route} for {row.meter} from"
                f" {row.effective_from:%Y-%m-%dT%H:%MZ}: used {describe([row])}; not used {describe(conflict.others)}"
            )
            cautions.setdefault(id(row), Caution(type="conflicting_prices", pointer=pointer, detail=detail))
    return tuple(cautions.values())


def _priced_routes(plan: Plan) -> Iterator[tuple[str, ApiRoute, Demand]]:
    overflow = {fleet.name: (index, fleet.overflow_to) for index, fleet in enumerate(plan.fleets)}
    for index, workload in enumerate(plan.workloads):
        for set_index, route_set in enumerate(workload.route_sets):
            for share_index, entry in enumerate(route_set.shares):
                if isinstance(entry.route, ApiRoute):
                    pointer = f"/workloads/{index}/routes/{set_index}/to/{share_index}/model"
                    yield pointer, entry.route, workload.demand
                    continue
                fleet_index, route = overflow[entry.route.fleet]
                if route is not None:
                    yield f"/fleets/{fleet_index}/overflow_to/model", route, workload.demand
