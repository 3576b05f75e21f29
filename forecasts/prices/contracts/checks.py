"""What can only be checked of a contract with the plan at hand: its currency, its provider, and others beside it."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations

from forecasts.catalog.models import load_models
from forecasts.errors import Findings
from forecasts.plan import Plan
from forecasts.prices.book import NoPrice, PriceBook
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.in_force.periods import FOREVER
from forecasts.workload import ApiRoute


def check_contracts(plan: Plan, book: PriceBook, findings: Findings, at: str) -> None:
    """Records contracts that cannot be converted, and pairs of them for one route at one time."""
    routes = tuple(api_routes(plan))
    providers = {model.provider for model in load_models()} | {price.provider for price in plan.prices}
    for index, contract in enumerate(plan.contracts):
        if not (contract.changes_rates or contract.is_settled):
            findings.add(f"{at}/{index}", "changes nothing: give a discount, a lock, a commitment, tiers or credits")
        if contract.provider not in providers:
            near = get_close_matches(contract.provider, providers, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            findings.add(f"{at}/{index}/provider", f"{contract.provider!r} has no known prices{hint}")
        try:
            book.exchange_path(contract.currency)
        except NoPrice as missing:
            findings.add(f"{at}/{index}/currency", missing.detail)
    for (first, one), (second, other) in combinations(enumerate(plan.contracts), 2):
        both = next((route for route in routes if one.covers(route) and other.covers(route)), None)
        if both is not None and _overlap(one, other):
            findings.add(
                f"{at}/{second}/from",
                f"is for {both.provider}/{both.model} while contract {first} ({one.name!r}) is: end that one before",
            )


def api_routes(plan: Plan) -> Iterator[ApiRoute]:
    """Every route of the plan that is billed by a provider."""
    for fleet in plan.fleets:
        if fleet.overflow_to is not None:
            yield fleet.overflow_to
    for workload in plan.workloads:
        for route_set in workload.route_sets:
            yield from (entry.route for entry in route_set.shares if isinstance(entry.route, ApiRoute))


def _overlap(one: Contract, other: Contract) -> bool:
    return one.starts < (other.ends or FOREVER) and other.starts < (one.ends or FOREVER)
