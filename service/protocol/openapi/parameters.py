"""The parameters of an operation, as the document has them: of its path, its query and its headers."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from service.protocol.openapi.words.vocabulary import load_parameter_words
from service.protocol.operations import Operation
from service.protocol.requests import KEY_PATTERN, MOST_KEY_CHARACTERS

_PATH_PARAMETER = re.compile(r"\{(\w+):\w+\}")
_ID = "_id"

_TAG = '(W/)?"[!#-~]*"'
_REQUEST_HEADERS: dict[str, dict[str, Any]] = {
    "If-Match": {
        "description": "The ETag of the version to change; a change without it is refused.",
        "schema": {"type": "string", "pattern": rf"^(\*|{_TAG}(, *{_TAG})*)$"},
        "example": '"3"',
    },
    "If-None-Match": {
        "description": "ETags already held; 304 when one is current.",
        "schema": {"type": "string", "pattern": rf"^(\*|{_TAG}(, *{_TAG})*)$"},
        "example": '"3"',
    },
    "Idempotency-Key": {
        "description": "A name for this request: repeating it with the same body replays the first answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MOST_KEY_CHARACTERS + 2, "pattern": KEY_PATTERN},
        "example": "0f0c7a52-2b3e-4f57-9f0b-8a2f5f8d9b10",
    },
    "Prefer": {
        "description": "`wait=N`: answer with the finished forecast if it is done in N seconds (60 at most).",
        "schema": {"type": "string"},
        "example": "wait=10",
    },
    "Last-Event-ID": {
        "description": "The id of the last event received; the stream goes on after it.",
        "schema": {"type": "string"},
        "example": "running-0.5000",
    },
}


def path_of(template: str) -> str:
    """A route's path with its parameters as the document writes them."""
    return _PATH_PARAMETER.sub(r"{\1}", template)


def parameters_of(operation_id: str, path: str, operation: Operation) -> list[dict[str, Any]]:
    return [*_in_path(path, operation), *_in_query(operation_id, operation), *_in_headers(operation)]


def _in_path(path: str, operation: Operation) -> Iterable[dict[str, Any]]:
    words = load_parameter_words()["path"]
    for name in _PATH_PARAMETER.findall(path):
        schema: dict[str, Any] = {"type": "string"}
        if name.endswith(_ID):
            schema["format"] = "uuid"
        if name in operation.choices:
            schema["enum"] = list(operation.choices[name])
        described = words.get(name) or f"The id of the {name.removesuffix(_ID).replace('_', ' ')}."
        yield {"name": name, "in": "path", "required": True, "description": described, "schema": schema}


def _in_query(operation_id: str, operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.query is None:
        return
    words = load_parameter_words()["query"]
    for field in msgspec.structs.fields(operation.query):
        name = field.encode_name
        # A parameter that is absent is not null: JSON's null has no way to be written in a query.
        schema = msgspec.json.schema(field.type)
        if "anyOf" in schema:
            options = [option for option in schema.pop("anyOf") if option != {"type": "null"}]
            schema.update(options[0] if len(options) == 1 else {"anyOf": options})
        if field.default is not msgspec.NODEFAULT and field.default is not None:
            schema["default"] = msgspec.to_builtins(field.default)
        described = schema.pop("description", "") or words.get(f"{operation_id}.{name}") or words.get(name, "")
        yield {"name": name, "in": "query", "required": field.required, "description": described, "schema": schema}


def _in_headers(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in operation.takes:
        yield {"name": name, "in": "header", "required": name == "If-Match", **_REQUEST_HEADERS[name]}
