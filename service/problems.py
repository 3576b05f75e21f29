"""The one table from error classes to RFC 9457 problems, and the response made of them (see docs/problems.md)."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from forecasts.errors import InvalidInput, Problem
from forecasts.explain.negotiation.brief import NotPaid
from forecasts.speculation.presets import UnknownPreset
from service.answers import Answer
from service.problem_types import (
    ALREADY_FINISHED,
    BAD_REQUEST,
    CONDITION_MISSING,
    CSRF_REFUSED,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INTERNAL,
    INVALID_HEADER,
    INVALID_INPUT,
    INVALID_JSON,
    INVALID_PARAMETER,
    INVALID_SHAPE,
    LIMIT_REACHED,
    METHOD_NOT_ALLOWED,
    NAME_TAKEN,
    NO_BUDGET,
    NOT_FOUND,
    NOT_JSON,
    NOTHING_AHEAD,
    PROFILE_INCOMPLETE,
    SCOPE_MISSING,
    STALE_VERSION,
    STILL_REFERENCED,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    WORKER_LOST,
    WRONG_STATUS,
    ProblemType,
)
from service.refusals import (
    BadHeader,
    BadParameters,
    ConditionMissing,
    CsrfRefused,
    IdempotencyKeyBusy,
    IdempotencyKeyReused,
    NoBudget,
    NothingAhead,
    NotJson,
    NotReady,
    ProfileIncomplete,
    ScopeMissing,
    Unauthenticated,
    UnknownChart,
)
from service.schemas.shape import BadJson, BadShape
from service.store.errors import (
    AlreadyFinished,
    IdempotencyConflict,
    LimitReached,
    NameTaken,
    NotFound,
    StaleVersion,
    StillReferenced,
    StoreError,
    WrongStatus,
)

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()


class FieldProblem(msgspec.Struct, frozen=True):
    """One bad field: where it is in the body (JSON pointer), or which query parameter it is."""

    pointer: str
    detail: str
    parameter: str | msgspec.UnsetType = msgspec.UNSET


class ProblemDocument(msgspec.Struct, frozen=True):
    """RFC 9457, with one entry of `errors` for each bad field."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldProblem, ...] = ()


TABLE: dict[type[Exception], ProblemType] = {
    BadJson: INVALID_JSON,
    BadShape: INVALID_SHAPE,
    BadParameters: INVALID_PARAMETER,
    BadHeader: INVALID_HEADER,
    Unauthenticated: UNAUTHENTICATED,
    ScopeMissing: SCOPE_MISSING,
    CsrfRefused: CSRF_REFUSED,
    ConditionMissing: CONDITION_MISSING,
    NotJson: NOT_JSON,
    NotFound: NOT_FOUND,
    UnknownPreset: NOT_FOUND,
    NotPaid: NOT_FOUND,
    NameTaken: NAME_TAKEN,
    StillReferenced: STILL_REFERENCED,
    UnknownChart: NOT_FOUND,
    AlreadyFinished: ALREADY_FINISHED,
    WrongStatus: WRONG_STATUS,
    LimitReached: LIMIT_REACHED,
    NoBudget: NO_BUDGET,
    NothingAhead: NOTHING_AHEAD,
    ProfileIncomplete: PROFILE_INCOMPLETE,
    StaleVersion: STALE_VERSION,
    IdempotencyKeyReused: IDEMPOTENCY_KEY_REUSED,
    IdempotencyKeyBusy: IDEMPOTENCY_KEY_BUSY,
    IdempotencyConflict: IDEMPOTENCY_KEY_BUSY,
    NotReady: UNAVAILABLE,
    InvalidInput: INVALID_INPUT,
    OperationalError: UNAVAILABLE,
    PoolTimeoutError: UNAVAILABLE,
}

# What a failed forecast carries as its `problem`, beside invalid-input and internal; no request is answered with it.
OF_FORECASTS = (WORKER_LOST,)

# Litestar raises these by status, before any handler of ours runs.
BY_STATUS: dict[int, ProblemType] = {
    401: UNAUTHENTICATED,
    404: NOT_FOUND,
    405: METHOD_NOT_ALLOWED,
    413: TOO_LARGE,
    415: NOT_JSON,
    503: UNAVAILABLE,
}

# Their words are about the database's insides, so the answer has its own.
UNSPOKEN: dict[type[Exception], str] = {
    OperationalError: "the database does not answer; try again",
    PoolTimeoutError: "every connection to the database is busy; try again",
}

# Litestar's own words repeat the title.
_HTTP_WORDS: dict[int, str] = {
    404: "there is nothing at this address",
    405: "the Allow header lists the methods it takes",
    413: "the body is larger than this service accepts",
}


def problem_types() -> tuple[ProblemType, ...]:
    """Every kind of problem the service answers with, each once, by status and name."""
    kinds = {*TABLE.values(), *BY_STATUS.values(), *OF_FORECASTS, BAD_REQUEST, INTERNAL}
    return tuple(sorted(kinds, key=lambda kind: (kind.status, kind.slug)))


def kind_of(error: Exception) -> ProblemType:
    if isinstance(error, HTTPException):
        default = BAD_REQUEST if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else INTERNAL
        return BY_STATUS.get(error.status_code, default)
    return next((TABLE[cls] for cls in type(error).__mro__ if cls in TABLE), INTERNAL)


def problem_document(error: Exception, *, instance: str) -> ProblemDocument:
    """The document for an error. What an unexpected one says stays in the log: it may quote a secret."""
    kind = kind_of(error)
    return ProblemDocument(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=_encodable(_detail(error, kind)),
        instance=_encodable(instance),
        errors=tuple(_fields(error)),
    )


def problem_answer(error: Exception, *, instance: str) -> Answer:
    """The document with its headers."""
    document = problem_document(error, instance=instance)
    return Answer(
        status=document.status,
        body=msgspec.json.encode(document),
        headers=_headers(error, document),
        media_type=MEDIA_TYPE,
    )


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's handler for every exception: the problem document, and a traceback in the log if unexpected."""
    path = request.scope["path"]
    answer = problem_answer(error, instance=path)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, NotReady):
        log.error("unexpected_error", path=path, exc_info=error)
    return answer.response()


def _detail(error: Exception, kind: ProblemType) -> str:
    if kind is INTERNAL:
        return "the error was logged; quote the X-Request-ID header when you report it"
    for cls, words in UNSPOKEN.items():
        if isinstance(error, cls):
            return words
    if isinstance(error, Unauthenticated):
        return "send a key that is not revoked as: Authorization: Bearer <key>"
    if isinstance(error, HTTPException):
        return _HTTP_WORDS.get(error.status_code, error.detail)
    if problems := getattr(error, "problems", ()):
        return "1 field needs attention" if len(problems) == 1 else f"{len(problems)} fields need attention"
    if isinstance(error, StoreError):
        return _store_detail(error)
    return str(error)


def _encodable(text: str) -> str:
    # Paths and ids may hold half of a surrogate pair, which no JSON text can.
    return text.encode("utf-8", "backslashreplace").decode()


def _store_detail(error: StoreError) -> str:
    match error:
        case NotFound():
            return f"there is no {error.resource} {error.key}"
        case NameTaken():
            return f"there is a {error.resource} named {error.name!r} already"
        case StaleVersion():
            return (
                f'the {error.resource} is at version "{error.current}" now; read it again and repeat the change on that'
            )
        case StillReferenced():
            return f"the {error.resource} {error.name!r} is used by {', '.join(repr(name) for name in error.by)}"
        case AlreadyFinished():
            return f"the {error.resource} has {error.status} and cannot be cancelled"
        case WrongStatus():
            return f"the {error.resource} is {error.status}; this is done to one that is {error.needed}"
        case LimitReached():
            return f"a workspace has at most {error.most} {error.resource}s; delete one that is not needed any more"
        case _:
            return "another request with the same Idempotency-Key took over; repeat yours"


def _fields(error: Exception) -> Iterable[FieldProblem]:
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    for problem in problems:
        if isinstance(error, BadParameters):
            yield FieldProblem(pointer="", detail=problem.detail, parameter=problem.pointer.removeprefix("/"))
        else:
            yield FieldProblem(pointer=problem.pointer, detail=problem.detail)


def _headers(error: Exception, document: ProblemDocument) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {}) if isinstance(error, HTTPException) else {}
    if document.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="tokencast"'
    if document.status == HTTPStatus.FORBIDDEN and isinstance(error, ScopeMissing):
        headers["WWW-Authenticate"] = f'Bearer realm="tokencast", error="insufficient_scope", scope="{error.scope}"'
    if document.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return headers
