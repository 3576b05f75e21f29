"""The bounds that the description gives numbers are the service's own: it takes what lies at them, no more."""

import copy
import math
from typing import Any

import pytest

from service.protocol.openapi.shapes.number_bounds import known_bounds
from tests.service.routes.api import Api, pointers, workload
from tests.service.routes.described import DOCUMENT
from tests.service.routes.story.estate import OWNED, POOL, TERMS

COMMITTED = {
    "kind": "committed",
    "commitments": [{"nodes": 1, "rate_per_node_hour": "20", "starts": "2027-01-01", "ends": "2027-12-31"}],
    "on_demand_rate_per_node_hour": "30",
}
LEASED = {"kind": "leased", "payment_per_node_month": "900", "starts": "2027-01-01", "ends": "2027-12-31"}
STEPPED = workload(waiting={"loaded_hourly_rate": "95", "people_waiting_fraction": 0.5})
STEPPED["demand"]["steps"] = [{"from": "2027-06", "factor": 1.0}]
PLAN: dict[str, Any] = {
    "name": "bounds",
    **TERMS,
    "horizon": {"first_month": "2027-01", "months": 2},
    "correlations": {},
    "fleets": [
        {**POOL, "name": "rented", "scaling": {}},
        {**OWNED, "name": "owned"},
        {**POOL, "name": "committed", "cost": COMMITTED},
        {**POOL, "name": "leased", "cost": LEASED},
    ],
    "workloads": [STEPPED],
}
# Where in the plan each component is; `WorkloadPost`, `ForecastIn` and `ForecastTermsIn` are read by the same code.
AT = {
    "PlanIn": "",
    "HorizonIn": "/horizon",
    "CorrelationsIn": "/correlations",
    "WorkloadIn": "/workloads/0",
    "DemandIn": "/workloads/0/demand",
    "StepIn": "/workloads/0/demand/steps/0",
    "RouteShareIn": "/workloads/0/routes/0/to/0",
    "WaitingIn": "/workloads/0/waiting",
    "FleetIn": "/fleets/0",
    "ThroughputIn": "/fleets/0/throughput",
    "ScalingIn": "/fleets/0/scaling",
    "RentedIn": "/fleets/0/cost",
    "OwnedIn": "/fleets/1/cost",
    "CommittedIn": "/fleets/2/cost",
    "LeasedIn": "/fleets/3/cost",
}
READ_ALIKE = {"WorkloadPost", "ForecastIn", "ForecastTermsIn"}
BOUNDS = sorted((*key, keyword) for key, bounds in known_bounds().items() if key[0] in AT for keyword in bounds)


def test_every_bound_is_tried() -> None:
    assert {component for component, _ in known_bounds()} == set(AT) | READ_ALIKE


@pytest.mark.parametrize(("component", "field", "keyword"), BOUNDS)
def test_a_bound_is_where_the_description_says(api: Api, component: str, field: str, keyword: str) -> None:
    bound = known_bounds()[component, field][keyword]
    pointer = f"{AT[component]}/{field}"
    described = DOCUMENT["components"]["schemas"][component]["properties"][field]
    assert bound in {described.get(keyword), *(option.get(keyword) for option in described.get("anyOf", ()))}
    whole = described.get("type") == "integer"
    up = keyword in {"maximum", "exclusiveMaximum"}
    beyond = bound + (1 if up else -1) if whole else math.nextafter(bound, math.inf if up else -math.inf)
    taken, refused = (bound, beyond)
    if keyword.startswith("exclusive"):
        taken, refused = math.nextafter(bound, 0.5), bound
    assert pointer not in _refused(api, pointer, taken)
    assert pointer in _refused(api, pointer, refused)


def _refused(api: Api, pointer: str, value: float) -> list[str]:
    """Where the plan with one value set is wrong."""
    plan = copy.deepcopy(PLAN)
    *path, last = pointer.split("/")[1:]
    target: Any = plan
    for part in path:
        target = target[int(part)] if isinstance(target, list) else target[part]
    target[last] = value
    answer = api.post("/v1/plans?dry_run=true", json=plan)
    return [] if answer.status_code == 200 else pointers(answer)
