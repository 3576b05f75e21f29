"""Requests made from the service's own description: whatever is sent, the answer is one that the description lists.

Half of them are about what the workspace has, so that handlers are reached beyond their look-ups.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis import GenerationMode

from service.store.database import Database
from tests.service.routes.api import Api, new_workspace, slug
from tests.service.routes.described import CONFORMS, MOST_EXAMPLES, REFUSES_WHAT_IS_WRONG, SCHEMA, plain, send
from tests.service.routes.test_http_tenancy import _estate

OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
# Any text is a path that may name something: only ids, choices, queries, headers and bodies can be of a wrong shape.
CAN_BE_WRONG = [
    one
    for one in OPERATIONS
    if one.body
    or any(part["in"] != "path" or set(part["schema"]) > {"type"} for part in one.definition.raw["parameters"])
]
# What a request is for whose end is that its resource is gone, or a key worthless.
_LAST_WORDS = ("DELETE", "/revoke")

examined = settings(
    max_examples=MOST_EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def owner(running: tuple[TestClient[Litestar], Database]) -> Api:
    return new_workspace(*running)


@pytest.fixture(scope="module")
def ids(owner: Api) -> dict[str, str]:
    return _estate(owner)


def _aimed(case: Any, ids: dict[str, str]) -> Any:
    """The same request about what there is, on whatever version it has."""
    if any(last in case.operation.label for last in _LAST_WORDS):
        return case
    for name in case.path_parameters:
        case.path_parameters[name] = ids.get(name, case.path_parameters[name])
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    return case


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_a_request_that_fits_its_description_is_answered_as_described(
    owner: Api, ids: dict[str, str], operation: Any
) -> None:
    @examined
    @given(case=operation.as_strategy(), real=st.booleans())
    def requests(case: Any, real: bool) -> None:  # noqa: FBT001 - hypothesis passes it by name.
        case.body = plain(case.body)
        answer = send(owner, _aimed(case, ids) if real else case)
        case.validate_response(answer, checks=CONFORMS)
        # The values may still make no sense together, but their shape was what the description asks for.
        if answer.status_code == 400:
            assert slug(answer) in {"invalid-parameter", "invalid-json"}, answer.text

    requests()


@pytest.mark.parametrize("operation", CAN_BE_WRONG, ids=lambda operation: operation.label)
def test_a_request_that_does_not_fit_its_description_is_refused_as_described(owner: Api, operation: Any) -> None:
    @examined
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def requests(case: Any) -> None:
        case.validate_response(send(owner, case), checks=[*CONFORMS, REFUSES_WHAT_IS_WRONG])

    requests()
