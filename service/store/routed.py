"""Which workloads lead to a fleet: the one place that looks into their routes."""

from sqlalchemy import ColumnElement, cast, func, literal
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from service.store.tables import Workloads

# A workload's document is the plan's own shape: routes, each with the set of targets that holds from a month on.
_ROUTED_TO = "$.routes[*].to[*] ? (@.fleet == $name)"


def leads_to(fleet: str) -> ColumnElement[bool]:
    """Whether a workload has a route to the fleet of this name, at any time."""
    return func.jsonb_path_exists(Workloads.document, cast(_ROUTED_TO, JSONPATH), literal({"name": fleet}, JSONB))
