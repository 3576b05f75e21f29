"""Files of recorded usage, recorded whole or not at all."""

from functools import partial

from litestar import Response

from service.answers import Answer
from service.imports.usage import UsageImportQuery, read_usage
from service.problem_types import (
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    INVALID_JSON,
    INVALID_SHAPE,
    TOO_LARGE,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.requests import BodyBytes, Incoming, read_query
from service.routes.usage import PATH, recorded
from service.schemas.usage.resource import UsageRecorded


@operation(
    "POST",
    PATH + "/imports",
    "importUsage",
    summary="Record a file of usage whole or not at all: CSV with the fields of a row as columns, or JSON",
    tag="usage",
    scope="write",
    query=UsageImportQuery,
    file=True,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=UsageRecorded, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, INVALID_JSON, INVALID_SHAPE, TOO_LARGE, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
)
def import_usage(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_import_usage, request, body)).response()


def _import_usage(request: Incoming, body: bytes, keep: Keep) -> Answer:
    return recorded(request, read_usage(body, read_query(request, UsageImportQuery)), keep)


ROUTES = (import_usage,)
