"""Requests made from the service's own description: whatever is sent, the answer is one that the description lists."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from service.app import ROUTES
from service.protocol.openapi import openapi_document
from tests.service.routes.api import Api

DOCUMENT = openapi_document(ROUTES, version="test")
# A stream stays open for as long as its forecast does, and a repeated answer to a key is another test's business.
RESULTS: list[Any] = list(schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
OPERATIONS = [operation for operation in (result.ok() for result in RESULTS) if not operation.path.endswith("/events")]
LEFT_OUT = {"prefer", "authorization", "idempotency-key"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_gets_an_answer_that_is_not_described(api: Api, operation: Any) -> None:
    described = operation.definition.raw["responses"]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def requests(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://testserver.local")
        headers = {name: value for name, value in sent["headers"].items() if name.lower() not in LEFT_OUT}
        given_parts = {name: sent[name] for name in ("params", "json", "content") if sent.get(name) is not None}
        answer = api(sent["method"], sent["url"], headers=headers, **given_parts)
        assert str(answer.status_code) in described, answer.text
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    requests()
