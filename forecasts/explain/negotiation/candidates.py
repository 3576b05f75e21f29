"""Which other places a route's requests could go to: named by the plan, with the same weights, or a successor."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from forecasts.catalog.models import load_models
from forecasts.explain.negotiation.answers import Kind
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.outlooks.courses.successor import Successor
from forecasts.workload import ApiRoute


def candidate_routes(plan: Plan, route: ApiRoute, workloads: Collection[str], book: PriceBook) -> dict[ApiRoute, Kind]:
    """Each once, under the first of its kinds; `workloads` are those of the route, by name.

    The provider's own models count only as successors.

    All in the route's own service tier where they have prices there: a batch price is no offer for live traffic.
    """
    found: dict[ApiRoute, Kind] = {}
    for named, kind in _named_in(plan, workloads):
        if named.provider != route.provider:
            other = _in_tier(replace(named, service_tier=route.service_tier), book)
            found.setdefault(other, "same_weights" if other.model == route.model else kind)
    for other in _same_weights(plan, route, book):
        found.setdefault(other, "same_weights")
    for other in _successors(plan, route, book):
        if other != route:
            found.setdefault(other, "successor")
    return found


def _named_in(plan: Plan, workloads: Collection[str]) -> Iterator[tuple[ApiRoute, Kind]]:
    """What the plan names for these workloads first: routes, comparisons, and overflow of the fleets they use."""
    overflow = {fleet.name: fleet.overflow_to for fleet in plan.fleets}
    for_others = []
    for workload in plan.workloads:
        named = [entry.route for route_set in workload.route_sets for entry in route_set.shares]
        routes = [route if isinstance(route, ApiRoute) else overflow[route.fleet] for route in named]
        routes.append(workload.compare_to)
        if workload.name in workloads:
            yield from ((route, "named_for_work") for route in routes if route is not None)
        else:
            for_others += [route for route in routes if route is not None]
    yield from ((route, "named_in_plan") for route in for_others)


def _same_weights(plan: Plan, route: ApiRoute, book: PriceBook) -> Iterator[ApiRoute]:
    """Other providers that sell a model of the very name, by the plan's rows or by the catalogue."""
    sellers = {(row.provider, row.model) for row in plan.prices} | {
        (model.provider, model.model) for model in load_models() if model.kind != "weights"
    }
    for provider, model in sorted(sellers):
        if model == route.model and provider != route.provider:
            yield _in_tier(replace(route, provider=provider, region=None), book)


def _successors(plan: Plan, route: ApiRoute, book: PriceBook) -> Iterator[ApiRoute]:
    """What the plan's own outlook migrates to, and the newest model of the same family in the catalogue."""
    for outlook in plan.outlooks:
        if isinstance(outlook.course, Successor) and outlook.covers(route):
            yield outlook.course.route_from(route)
    models = [model for model in load_models() if model.provider == route.provider and model.kind == "sku"]
    own = next((model for model in models if model.model == route.model), None)
    if own is None or own.first_effective is None:
        return
    later = [
        (model.first_effective, model.model)
        for model in models
        if model.family == own.family
        and model.first_effective is not None
        and own.first_effective < model.first_effective <= plan.as_of
    ]
    if later:
        yield _in_tier(replace(route, model=max(later)[1], region=None), book)


def _in_tier(route: ApiRoute, book: PriceBook) -> ApiRoute:
    """In the same service tier where it has output prices there, else in the standard one."""
    return route if book.has_price(route, "output") else replace(route, service_tier="standard")
