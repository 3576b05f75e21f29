"""The OpenAPI 3.1 document, written from the operations themselves: what a handler decodes is what it documents."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.problem_types import (
    INTERNAL,
    INVALID_HEADER,
    INVALID_JSON,
    INVALID_PARAMETER,
    INVALID_SHAPE,
    NOT_JSON,
    SCOPE_MISSING,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    ProblemType,
)
from service.problems import MEDIA_TYPE, ProblemDocument
from service.protocol.operations import Answered, Operation, operation_of

_REF = "#/components/schemas/{name}"
_PATH_PARAMETER = re.compile(r"\{(\w+):\w+\}")

_REQUEST_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "If-Match": ("The ETag of the version to change; a change without it is refused.", {"type": "string"}),
    "If-None-Match": ("ETags already held; 304 when one is current.", {"type": "string"}),
    "Idempotency-Key": (
        "A name for this request: repeating it with the same body replays the first answer.",
        {"type": "string", "minLength": 1, "maxLength": 255},
    ),
    "Prefer": (
        "`wait=N`: answer with the finished forecast if it is done in N seconds (60 at most).",
        {"type": "string"},
    ),
    "Last-Event-ID": ("The id of the last event received; the stream goes on after it.", {"type": "string"}),
}

_RESPONSE_HEADERS: dict[str, str] = {
    "Location": "The address of the new resource.",
    "ETag": "The version of this representation.",
    "Link": 'The next page, as rel="next".',
    "Retry-After": "Seconds after which to look again.",
    "Preference-Applied": "The preference that was honoured.",
    "Idempotent-Replayed": "`true` when the first answer to this Idempotency-Key was repeated.",
    "Cache-Control": "A finished forecast never changes.",
    "Content-Disposition": "The name of the file.",
}


def openapi_document(handlers: Iterable[HTTPRouteHandler], *, version: str) -> dict[str, Any]:
    """The whole document as JSON values; every operation that declares itself is in it."""
    declared = [(handler, found) for handler in handlers if (found := operation_of(handler)) is not None]
    schemas, components = _schemas(operation for _, operation in declared)
    paths: dict[str, dict[str, Any]] = {}
    for handler, operation in declared:
        for path in sorted(handler.paths):
            item = paths.setdefault(_PATH_PARAMETER.sub(r"{\1}", path), {})
            for method in sorted(handler.http_methods):
                item[method.lower()] = _operation(handler, path, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tokencast",
            "version": version,
            "summary": "Annual budgets for LLM inference that a finance team can sign.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key of the workspace."}
            },
        },
        "tags": [{"name": tag} for tag in sorted({operation.tag for _, operation in declared})],
    }


def _schemas(operations: Iterable[Operation]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    shapes: list[Any] = [ProblemDocument]
    for operation in operations:
        shapes += [operation.body] if operation.body is not None else []
        for answered in operation.answers.values():
            shapes += _alternatives(answered)
    unique = list(dict.fromkeys(shapes))
    found, components = msgspec.json.schema_components(unique, ref_template=_REF)
    return dict(zip(unique, found, strict=True)), components


def _operation(
    handler: HTTPRouteHandler, path: str, operation: Operation, schemas: Mapping[Any, dict[str, Any]]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": handler.operation_id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [
            *_path_parameters(path, operation),
            *_query_parameters(operation),
            *_header_parameters(operation),
        ],
        "responses": {
            **{str(status): _answer(answered, schemas) for status, answered in operation.answers.items()},
            **_problems(operation, schemas),
        },
        "security": [] if operation.scope is None else [{"key": []}],
    }
    if operation.scope is not None:
        described["description"] = f"Needs a key with the scope `{operation.scope}`."
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[operation.body]}},
        }
    if operation.file:
        described["requestBody"] = {
            "required": False,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    return described


def _path_parameters(path: str, operation: Operation) -> Iterable[dict[str, Any]]:
    for name in _PATH_PARAMETER.findall(path):
        schema: dict[str, Any] = {"type": "string"}
        if name in operation.choices:
            schema["enum"] = list(operation.choices[name])
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.query is None:
        return
    for field in msgspec.structs.fields(operation.query):
        # A parameter that is absent is not null: JSON's null has no way to be written in a query.
        schema = msgspec.json.schema(field.type)
        if "anyOf" in schema:
            options = [option for option in schema.pop("anyOf") if option != {"type": "null"}]
            schema.update(options[0] if len(options) == 1 else {"anyOf": options})
        if field.default is not msgspec.NODEFAULT and field.default is not None:
            schema["default"] = msgspec.to_builtins(field.default)
        yield {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "description": schema.pop("description", ""),
            "schema": schema,
        }


def _header_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in operation.takes:
        description, schema = _REQUEST_HEADERS[name]
        yield {
            "name": name,
            "in": "header",
            "required": name == "If-Match",
            "description": description,
            "schema": schema,
        }


def _answer(answered: Answered, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    response: dict[str, Any] = {"description": answered.description or "Done."}
    if alternatives := [schemas[shape] for shape in _alternatives(answered)]:
        schema = alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
        response["content"] = {answered.media_type: {"schema": schema}}
    elif answered.media_type != "application/json":
        response["content"] = {answered.media_type: {"schema": {"type": "string"}}}
    for media_type in answered.pictures:
        response["content"][media_type] = {"schema": {"type": "string", "contentMediaType": media_type}}
    if answered.headers:
        response["headers"] = {
            name: {"description": _RESPONSE_HEADERS[name], "schema": {"type": "string"}} for name in answered.headers
        }
    return response


def _alternatives(answered: Answered) -> tuple[Any, ...]:
    if answered.shape is None:
        return ()
    return answered.shape if isinstance(answered.shape, tuple) else (answered.shape,)


def _problems(operation: Operation, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    by_status: dict[int, list[ProblemType]] = {}
    for kind in (*_general_problems(operation), *operation.problems):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": "; ".join(f"{kind.title} (`{kind.type}`)" for kind in kinds),
            "content": {MEDIA_TYPE: {"schema": schemas[ProblemDocument]}},
        }
        for status, kinds in sorted(by_status.items())
    }


def _general_problems(operation: Operation) -> Iterable[ProblemType]:
    """What any operation of its sort may answer, so that no handler has to repeat it."""
    if operation.body is not None:
        yield from (INVALID_JSON, INVALID_SHAPE, TOO_LARGE, NOT_JSON)
    if operation.query is not None:
        yield INVALID_PARAMETER
    if operation.takes:
        yield INVALID_HEADER
    if operation.scope is not None:
        yield from (UNAUTHENTICATED, SCOPE_MISSING, UNAVAILABLE)
    yield INTERNAL
