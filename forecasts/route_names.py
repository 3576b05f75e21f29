"""What the name of a cost line's route says: a fleet, a contract's own line, or the provider of a model."""

from collections.abc import Mapping

_FLEET, _CONTRACT = "fleet:", "contract:"


def fleet_of_route(route: str) -> str | None:
    return route.removeprefix(_FLEET) if route.startswith(_FLEET) else None


def contract_of_route(route: str) -> str | None:
    return route.removeprefix(_CONTRACT) if route.startswith(_CONTRACT) else None


def provider_of_route(route: str, contracts: Mapping[str, str]) -> str | None:
    """Who invoices it; None for a fleet's. `contracts` are the providers of contracts by the contracts' names."""
    if fleet_of_route(route) is not None:
        return None
    contract = contract_of_route(route)
    if contract is not None:
        return contracts.get(contract)
    return route.partition("/")[0] or None
