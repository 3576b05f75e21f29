"""The fleets of a forecast over its horizon, and the one whose months are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FleetRow:
    """A fleet over the horizon: nodes are means of its months, `busiest` the month with the highest utilisation.

    Unit cost is effective cost per million output tokens served, None where nothing is.
    """

    name: str
    nodes: tuple[float, float]
    most_nodes: float
    utilization_fraction: float
    busiest: str
    busiest_utilization_fraction: float
    served: float
    headroom: float
    overflow: float
    unserved: float
    unit_cost: Decimal | None
    effective: str
    owned: bool
    decoder: str


def fleet_rows(document: Mapping[str, Any]) -> list[FleetRow]:
    """The costliest first."""
    fleets = [fleet for fleet in document["fleets"] if fleet["months"]]
    return [_row(fleet) for fleet in sorted(fleets, key=lambda one: -Decimal(one["effective"]["mean"]))]


def fleet_named(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Raises StopIteration where the forecast has no such fleet."""
    fleet: Mapping[str, Any] = next(one for one in document["fleets"] if one["name"] == name)
    return fleet


def _row(fleet: Mapping[str, Any]) -> FleetRow:
    months: Sequence[Mapping[str, Any]] = fleet["months"]
    nodes = [month["nodes"]["mean"] for month in months]
    hours = [month["node_hours"]["mean"] for month in months]
    busiest = max(months, key=lambda month: month["utilization_fraction"])
    served = sum(month["tokens_served"] for month in months)
    used = sum(month["utilization_fraction"] * weight for month, weight in zip(months, hours, strict=True))
    return FleetRow(
        name=fleet["name"],
        nodes=(min(nodes), max(nodes)),
        most_nodes=max(month["nodes"]["p90"] for month in months),
        utilization_fraction=used / sum(hours) if sum(hours) else 0.0,
        busiest=busiest["month"],
        busiest_utilization_fraction=busiest["utilization_fraction"],
        served=served,
        headroom=sum(month["headroom_tokens"] for month in months),
        overflow=sum(month["overflow_tokens"] for month in months),
        unserved=sum(month["unserved_tokens"] for month in months),
        unit_cost=Decimal(fleet["effective"]["mean"]) * _MILLION / Decimal(served) if served else None,
        effective=fleet["effective"]["mean"],
        owned=bool(fleet["assets"]),
        decoder=fleet["decoder"]["preset"],
    )
