"""One operation as the document describes it: words, parameters, body, answers, refusals and who may ask."""

from collections.abc import Mapping
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.protocol.openapi import examples
from service.protocol.openapi.about import security_of
from service.protocol.openapi.answers import headers
from service.protocol.openapi.answers.refusals import refusals_of
from service.protocol.openapi.parameters import parameters_of
from service.protocol.openapi.shapes.components import alternatives
from service.protocol.operations import Answered, Operation

JSON = "application/json"
EVENT_STREAM = "text/event-stream"
_PASSED_ON = ("Deprecation", "Sunset", "Link")


def described_operation(
    handler: HTTPRouteHandler, method: str, path: str, operation: Operation, schemas: Mapping[Any, dict[str, Any]]
) -> dict[str, Any]:
    """The Operation Object."""
    name = str(handler.operation_id)
    found: dict[str, Any] = {
        "operationId": name,
        "summary": operation.summary,
        "description": _description(operation),
        "tags": [operation.tag],
        "parameters": parameters_of(name, path, operation),
        "responses": {
            **{str(status): _answer(name, status, answered, schemas) for status, answered in operation.answers.items()},
            **refusals_of(operation, method, schemas),
        },
        "security": security_of(method, operation),
    }
    if operation.scope is not None:
        found["x-required-scope"] = operation.scope
    if operation.deprecated is not None:
        found["deprecated"] = True
        found["x-sunset"] = operation.deprecated.sunset.isoformat()
        for response in found["responses"].values():
            response["headers"] |= headers.of_answer(_PASSED_ON)
    if operation.body is not None:
        content: dict[str, Any] = {"schema": schemas[operation.body]}
        if sent := examples.of_body(name):
            content["examples"] = sent
        found["requestBody"] = {"required": True, "content": {JSON: content}}
    if operation.file:
        binary = {"schema": {"type": "string", "format": "binary"}}
        found["requestBody"] = {
            "description": "The file as it is.",
            "required": False,
            "content": {"application/octet-stream": binary},
        }
    return found


def _description(operation: Operation) -> str:
    sentences = [operation.summary + ".", *([operation.description] if operation.description else [])]
    if operation.scope is None:
        sentences.append("Open to everyone who reaches the service.")
    else:
        sentences.append(f"Needs the scope `{operation.scope}`.")
    if operation.keys_alone:
        sentences.append("Only a key may ask; a session of the console is answered 401.")
    if operation.deprecated is not None:
        sentences.insert(0, operation.deprecated.words())
    return "\n\n".join(sentences)


def _answer(name: str, status: int, answered: Answered, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": answered.description or "Done.",
        "headers": headers.of_answer(answered.headers),
    }
    if shapes := [schemas[shape] for shape in alternatives(answered)]:
        content: dict[str, Any] = {"schema": shapes[0] if len(shapes) == 1 else {"anyOf": shapes}}
        if answered.media_type == EVENT_STREAM:
            content = {"schema": _event_of(content["schema"])}
        if answered_so := examples.of_answer(name, status):
            content["examples"] = answered_so
        response["content"] = {answered.media_type: content}
    elif answered.media_type != JSON:
        response["content"] = {answered.media_type: {"schema": {"type": "string"}}}
    for media_type in answered.pictures:
        response["content"][media_type] = {"schema": {"type": "string", "contentMediaType": media_type}}
    return response


def _event_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """One server-sent event whose `data` is a document of some schema."""
    return {
        "type": "object",
        "description": "One event of the stream.",
        "properties": {
            "event": {"type": "string", "description": "`progress`, or `finished` for the last one."},
            "id": {"type": "string", "description": "What `Last-Event-ID` goes on after."},
            "retry": {"type": "integer", "description": "Milliseconds after which to reconnect."},
            "data": {"type": "string", "contentMediaType": JSON, "contentSchema": data},
        },
    }
