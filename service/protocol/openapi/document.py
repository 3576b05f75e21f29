"""The OpenAPI 3.1 document, written from the operations themselves: what a handler decodes is what it documents."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.protocol.openapi.about import SECURITY_SCHEMES, information, tags
from service.protocol.openapi.answers import headers
from service.protocol.openapi.answers.links import add_links
from service.protocol.openapi.answers.problem_examples import problem_examples
from service.protocol.openapi.answers.refusals import problems_of
from service.protocol.openapi.described import described_operation
from service.protocol.openapi.parameters import path_of
from service.protocol.openapi.shapes.components import shapes_and_components
from service.protocol.operations import operation_of


def openapi_document(handlers: Iterable[HTTPRouteHandler], *, version: str) -> dict[str, Any]:
    """The whole document as JSON values; every operation that declares itself is in it."""
    declared = [(handler, found) for handler in handlers if (found := operation_of(handler)) is not None]
    schemas, components = shapes_and_components([operation for _, operation in declared])
    paths: dict[str, dict[str, Any]] = {}
    for handler, operation in declared:
        for path in sorted(handler.paths):
            item = paths.setdefault(path_of(path), {})
            for method in sorted(handler.http_methods):
                item[method.lower()] = described_operation(handler, method, path, operation, schemas)
    add_links(paths, components)
    examples, answered = problem_examples(), headers.components()
    named = {
        kind.slug
        for handler, operation in declared
        for method in handler.http_methods
        for kind in problems_of(operation, method)
    }
    sent = {name for item in paths.values() for one in item.values() for name in _header_names(one)}
    document = {
        "openapi": "3.1.0",
        "info": information(version),
        "servers": [{"url": "/", "description": "The service that answers with this document."}],
        "tags": tags({operation.tag for _, operation in declared}),
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": components,
            "examples": {slug: example for slug, example in examples.items() if slug in named},
            "headers": {name: header for name, header in answered.items() if name in sent},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }
    # Through its text, so that tuples are the arrays that everybody else will see.
    return msgspec.json.decode(msgspec.json.encode(document), type=dict[str, Any])


def _header_names(described: Mapping[str, Any]) -> set[str]:
    return {name for response in described["responses"].values() for name in response["headers"]}
