"""What the service says of itself: the OpenAPI document, and what each problem means."""

from typing import Any

import msgspec
from litestar import Response

from service.answers import json_answer
from service.problem_types import NOT_FOUND
from service.problems import problem_types
from service.protocol.operations import Answered, operation
from service.protocol.requests import Incoming, PathText
from service.store.errors import NotFound

_OPEN: dict[str, Any] = {"tag": "service", "scope": None}


class ProblemKind(msgspec.Struct, frozen=True):
    type: str
    title: str
    status: int


@operation(
    "GET",
    "/schema",
    "getSchema",
    in_thread=False,
    summary="The OpenAPI 3.1 document",
    answers={200: Answered(shape=dict[str, Any])},
    **_OPEN,
)
def get_schema(request: Incoming) -> Response[bytes]:
    return json_answer(request.app.state.openapi).response()


@operation(
    "GET",
    "/schema/openapi.json",
    "getOpenApi",
    in_thread=False,
    summary="The OpenAPI 3.1 document, under the name tools look for",
    answers={200: Answered(shape=dict[str, Any])},
    **_OPEN,
)
def get_openapi(request: Incoming) -> Response[bytes]:
    return json_answer(request.app.state.openapi).response()


@operation(
    "GET",
    "/problems/{slug:str}",
    "getProblem",
    in_thread=False,
    summary="What a problem's type stands for",
    answers={200: Answered(shape=ProblemKind)},
    problems=(NOT_FOUND,),
    **_OPEN,
)
def get_problem(slug: PathText) -> Response[bytes]:
    for kind in problem_types():
        if kind.slug == slug:
            return json_answer(ProblemKind(type=kind.type, title=kind.title, status=kind.status)).response()
    raise NotFound("problem", slug[:64])


ROUTES = (get_schema, get_openapi, get_problem)
