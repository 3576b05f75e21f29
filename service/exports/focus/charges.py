"""What a line is in the words of FOCUS: a charge of some category, of a service, in a unit."""

from typing import NamedTuple

from forecasts.route_names import contract_of_route, fleet_of_route, provider_of_route
from service.store.lines import LineRecord

TOKENS_PER_MTOK = 1_000_000
MTOK_UNIT = "1000000 Tokens"

_CATEGORIES = {
    **dict.fromkeys(("purchase", "upfront"), "Purchase"),
    **dict.fromkeys(("disposal", "shortfall", "volume_discount"), "Adjustment"),
    "credit": "Credit",
}
_UNITS = {"kWh": "Kilowatt-Hours", "Each": "Units"}
# What a fleet costs is nobody's invoice line by line.
_INTERNAL = "Internal"


class Charge(NamedTuple):
    """`model` is empty for what is no model of an API; `consumed` is whether the charge is for something used up."""

    category: str
    frequency: str
    consumed: bool
    provider: str
    service_category: str
    service: str
    service_subcategory: str
    model: str
    unit: str


def charge_of(line: LineRecord) -> Charge:
    category = _CATEGORIES.get(line.kind, "Usage")
    provider, service, model = _sold(line.route or "")
    machines = provider == _INTERNAL
    return Charge(
        category=category,
        frequency="Usage-Based" if category == "Usage" else "One-Time",
        consumed=category == "Usage",
        provider=provider,
        service_category="Compute" if machines else "AI and Machine Learning",
        service=service,
        service_subcategory="Other (Compute)" if machines else "Generative AI",
        model=model,
        unit=_UNITS.get(line.unit or "", line.unit or ""),
    )


def _sold(route: str) -> tuple[str, str, str]:
    """Who sells a route, what, and which model; a contract's own lines bear its name alone."""
    fleet, contract = fleet_of_route(route), contract_of_route(route)
    if fleet is not None:
        return _INTERNAL, f"GPU fleet {fleet}", ""
    if contract is not None:
        return contract, f"Contract {contract}", ""
    provider = provider_of_route(route, {}) or _INTERNAL
    return provider, f"{provider} API", route.partition("/")[2]
