"""Along the links of the description: what made a resource says what can be done with it, and all of that works."""

import re
from typing import Any

import jsonschema
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.store.database import Database
from tests.service.routes.api import Api, fleet, measurement, new_workspace, slug
from tests.service.routes.described import DOCUMENT
from tests.service.routes.test_http_tenancy import _estate

OPERATIONS = {
    one["operationId"]: (method.upper(), path, one)
    for path, item in DOCUMENT["paths"].items()
    for method, one in item.items()
}
MAKING = sorted(
    name for name, (_, _, one) in OPERATIONS.items() if any("links" in answer for answer in one["responses"].values())
)
# A draft is not approved, a submitted one not deleted, and a forecast that waits has no budget: that is said.
NOT_NOW = {"wrong-status", "no-budget"}


@pytest.fixture(scope="module")
def owner(running: tuple[TestClient[Litestar], Database]) -> Api:
    return new_workspace(*running)


@pytest.fixture(scope="module")
def ids(owner: Api) -> dict[str, str]:
    return _estate(owner)


def _bodies(ids: dict[str, str]) -> dict[str, Any]:
    return {
        "createBudget": {"name": "fy28", "forecast_id": ids["forecast_id"]},
        "submitBudget": {"reason": "in order"},
        "approveBudget": {"reason": "in order"},
        "returnBudget": {"reason": "in order"},
        "overrideBudget": {"month": "2027-02", "amount": "1", "reason": "in order"},
        "addThreshold": {"fraction": "0.7"},
        "commentOnBudget": {"comment": "in order"},
        "addMeasurement": measurement(concurrency=16),
        "createFleet": fleet("linked"),
        "replaceFleet": fleet("linked", nodes=2),
        "createForecast": {"workloads": ["chat"], "draws": 64},
        "reforecast": {},
        "createSchedule": {"name": "linked"},
        "replaceSchedule": {"name": "linked again"},
    }


def _addressed(template: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], template)


@pytest.mark.parametrize("making", MAKING)
def test_every_link_leads_to_what_was_made_until_it_is_gone(owner: Api, ids: dict[str, str], making: str) -> None:
    method, template, described = OPERATIONS[making]
    bodies = _bodies(ids)
    made = owner(method, _addressed(template, ids), json=bodies[making])
    assert made.status_code < 300, made.text
    links = described["responses"][str(made.status_code)]["links"]
    gone = False
    for name in sorted(links, key=lambda name: (OPERATIONS[name][0] == "DELETE", OPERATIONS[name][0], name)):
        given = dict(ids)
        for parameter, source in links[name]["parameters"].items():
            given[parameter] = made.json()["id"] if source == "$response.body#/id" else ids[parameter]
        followed, path, described = OPERATIONS[name]
        if name == "streamForecastEvents":
            continue  # it lasts as long as the forecast, which no worker computes here
        query = {"params": {"from": ids["forecast_id"]}} if name == "getForecastBridge" else {}
        body = {"json": bodies[name]} if name in bodies else {}
        answer = owner(followed, _addressed(path, given), headers={"If-Match": "*"}, **body, **query)
        assert str(answer.status_code) in described["responses"], answer.text
        if answer.status_code >= 300:
            assert slug(answer) in NOT_NOW, f"{name}: {answer.text}"
        elif (content := described["responses"][str(answer.status_code)].get("content", {})).get("application/json"):
            schema = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
            jsonschema.Draft202012Validator(schema).validate(answer.json())
        gone = followed == "DELETE" and answer.status_code == 204
    # What cannot be read by itself, such as a threshold, is gone from its list.
    for read in (name for name in links if gone and OPERATIONS[name][:2] == ("GET", path)):
        after = owner("GET", _addressed(OPERATIONS[read][1], given))
        assert (after.status_code, slug(after)) == (404, "not-found")
