"""What a line is in the words of FOCUS: a charge of some category, of a service, in a unit."""

from typing import NamedTuple

from service.store.lines import LineRecord

TOKENS_PER_MTOK = 1_000_000
MTOK_UNIT = "1000000 Tokens"

_ONE_TIME = frozenset({"purchase", "upfront"})
_ADJUSTMENTS = frozenset({"disposal"})
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
    category = "Usage"
    if line.kind in _ONE_TIME:
        category = "Purchase"
    elif line.kind in _ADJUSTMENTS:
        category = "Adjustment"
    route = line.route or ""
    provider, _, model = route.partition("/")
    api = bool(model) and not route.startswith("fleet:")
    return Charge(
        category=category,
        frequency="Usage-Based" if category == "Usage" else "One-Time",
        consumed=category == "Usage",
        provider=provider if api else _INTERNAL,
        service_category="AI and Machine Learning" if api else "Compute",
        service=f"{provider} API" if api else f"GPU fleet {route.removeprefix('fleet:')}",
        service_subcategory="Generative AI" if api else "Other (Compute)",
        model=model if api else "",
        unit=_UNITS.get(line.unit or "", line.unit or ""),
    )
