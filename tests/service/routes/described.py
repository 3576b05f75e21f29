"""Requests generated from the service's own description, sent to a running application and held against it."""

import os
from typing import Any

import httpx
import schemathesis
from schemathesis.checks import CHECKS

from service.app import ROUTES
from service.protocol.openapi import openapi_document
from tests.service.routes.api import Api

DOCUMENT = openapi_document(ROUTES, version="test")
# Who asks is not what these requests are about: all of them come with a key.
SCHEMA: Any = schemathesis.openapi.from_dict(
    {
        **DOCUMENT,
        "paths": {
            path: {method: {**described, "security": []} for method, described in item.items()}
            for path, item in DOCUMENT["paths"].items()
        },
    }
)
# The suite has a minute for all operations; a longer look is TOKENCAST_FUZZ_EXAMPLES=200 make test ARGS=...
MOST_EXAMPLES = int(os.environ.get("TOKENCAST_FUZZ_EXAMPLES", "5"))
CONFORMS = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]
REFUSES_WHAT_IS_WRONG = CHECKS.get_one("negative_data_rejection")
_BASE = "http://testserver.local"
# A wait of a minute is within the description.
_LEFT_OUT = "prefer"


def send(api: Api, case: Any) -> httpx.Response:
    """The answer to a generated request, with the key of the workspace."""
    sent = case.as_transport_kwargs(base_url=_BASE)
    headers = {name: value for name, value in sent["headers"].items() if name.lower() != _LEFT_OUT}
    parts = {name: sent[name] for name in ("params", "json") if sent.get(name) is not None}
    if sent.get("data") is not None:
        parts["content"] = sent["data"]
    return api(sent["method"], sent["url"], headers=headers, **parts)


def plain(value: Any) -> Any:
    """The same JSON value as its readers take it: 1.0 is an integer to a schema, and `$` passes a last line break."""
    if isinstance(value, dict):
        return {key.rstrip("\n"): plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.endswith("\n"):
        return value.rstrip("\n") or "_"
    return value
