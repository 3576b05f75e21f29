"""The client covers the API: every operation has its method, and every method sends what its operation takes."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import httpx
import pytest

from service.app import ROUTES
from service.protocol.openapi import openapi_document
from tests.tokencast.operations import CALLS, WITHOUT_METHOD, Call, answered
from tokencast.client import Client
from tokencast.client.resources.resource import Resource

_DOCUMENT = openapi_document(ROUTES, version="1")
_OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in _DOCUMENT["paths"].items()
    for method, operation in item.items()
}


def test_every_operation_has_a_method_or_a_reason_to_have_none() -> None:
    covered = {operation_id for operation_id, *_ in CALLS}
    assert covered.isdisjoint(WITHOUT_METHOD)
    assert covered | set(WITHOUT_METHOD) == set(_OPERATIONS)


def test_every_method_of_a_client_stands_for_an_operation() -> None:
    with Client("http://service", "key") as client:
        methods = {
            f"{name}.{method}"
            for name, resource in vars(client).items()
            if isinstance(resource, Resource)
            for method, _ in inspect.getmembers(resource, inspect.ismethod)
            if not method.startswith("_")
        }
    assert methods == {method for _, method, *_ in CALLS}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[1]}-{call[0]}")
def test_a_method_sends_what_its_operation_takes(tmp_path: Path, call: Call) -> None:
    operation_id, name, given, named = call
    verb, template, operation = _OPERATIONS[operation_id]
    sent: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answered(request)

    with Client("http://service", "key", transport=httpx.MockTransport(service)) as client:
        result = _method(client, name)(*(tmp_path / "out" if one == "FILE" else one for one in given), **named)
        if isinstance(result, Iterator):
            list(result)
    [request] = sent
    assert request.method == verb
    assert re.fullmatch(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(template)), request.url.path)
    takes = {
        place: {one["name"] for one in operation["parameters"] if one["in"] == place} for place in ("query", "header")
    }
    assert set(request.url.params) <= takes["query"]
    asked = {field.removesuffix("_").removesuffix("_id") for field in named} & takes["query"]
    assert asked <= set(request.url.params)
    for header in ("Idempotency-Key", "If-Match"):
        assert (header in request.headers) == (header in takes["header"]), header
    assert ("Prefer" in request.headers) <= ("Prefer" in takes["header"])
    assert request.headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[1]}-{call[0]}")
def test_a_method_promises_a_shape_that_its_operation_answers(call: Call) -> None:
    operation_id, name, *_ = call
    with Client("http://service", "key") as client:
        promised = get_type_hints(_method(client, name))["return"]
    shapes = _answered_shapes(_OPERATIONS[operation_id][2])
    inner = [one for one in get_args(promised) if isinstance(one, type)] or [promised]
    if promised in (bytes, int, type(None)) or promised == dict[str, Any]:
        assert shapes == set() or operation_id == "getNegotiationBrief"
    elif operation_id == "streamForecastEvents":
        assert inner[-1].__name__ == "ForecastState"
    else:
        assert inner[-1].__name__ in shapes


def _method(client: Client, name: str) -> Any:
    resource, _, method = name.partition(".")
    return getattr(getattr(client, resource), method)


def _answered_shapes(operation: dict[str, Any]) -> set[str]:
    """The names of what an operation answers when all is well; of a list, those of its items."""
    found = set()
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            for content in answer.get("content", {}).values():
                for one in content["schema"].get("anyOf", [content["schema"]]):
                    if "$ref" in one:
                        found |= _named(one["$ref"])
    return found


def _named(reference: str) -> set[str]:
    component = reference.rpartition("/")[2]
    items = _DOCUMENT["components"]["schemas"][component]["properties"].get("items", {}).get("items", {})
    return {name.rpartition("/")[2].rpartition(".")[2] for name in (component, items.get("$ref", component))}
