"""What an operation refuses, by status: every problem type it may answer, each with an example."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.problem_types import (
    CSRF_REFUSED,
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
from service.protocol.openapi.answers.headers import of_refusal
from service.protocol.operations import Operation


def problems_of(operation: Operation, method: str) -> tuple[ProblemType, ...]:
    """Those that any operation of its sort may answer, so that no handler has to repeat them, and its own."""
    return tuple(dict.fromkeys((*_general(operation, method), *operation.problems)))


def refusals_of(operation: Operation, method: str, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    """The responses of 4xx and 5xx; examples are those of the document's components."""
    by_status: dict[int, list[ProblemType]] = {}
    for kind in problems_of(operation, method):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": "; ".join(f"{kind.title} (`{kind.type}`)" for kind in kinds),
            "headers": of_refusal(status),
            "content": {
                MEDIA_TYPE: {
                    "schema": schemas[ProblemDocument],
                    "examples": {kind.slug: {"$ref": f"#/components/examples/{kind.slug}"} for kind in kinds},
                }
            },
        }
        for status, kinds in sorted(by_status.items())
    }


def _general(operation: Operation, method: str) -> Iterable[ProblemType]:
    if operation.body is not None:
        yield from (INVALID_JSON, INVALID_SHAPE, TOO_LARGE, NOT_JSON)
    if operation.file:
        yield TOO_LARGE
    if operation.query is not None:
        yield INVALID_PARAMETER
    if operation.takes:
        yield INVALID_HEADER
    if operation.scope is not None:
        yield from (UNAUTHENTICATED, SCOPE_MISSING, UNAVAILABLE)
        if method != "GET" and not operation.keys_alone:
            yield CSRF_REFUSED
    yield INTERNAL
