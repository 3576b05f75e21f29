"""One example of each problem type, made by the service's own table from an error such as a caller meets."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar.exceptions import (
    ClientException,
    MethodNotAllowedException,
    NotFoundException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from forecasts.errors import InvalidInput, Problem
from service.problem_types import ProblemType
from service.problems import ProblemDocument, kind_of, problem_document, problem_types
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
    ProfileIncomplete,
    ScopeMissing,
    Unauthenticated,
)
from service.schemas.shape import BadJson, BadShape
from service.store.errors import (
    AlreadyFinished,
    LimitReached,
    NameTaken,
    NotFound,
    StaleVersion,
    StillReferenced,
    WrongStatus,
)

_FORECAST = UUID("01a20ac5-7c1e-7000-8000-5a1d0d3a4f10")
_BUDGET = UUID("01a20ac5-7c1e-7000-8000-9c8b7a6d5e4f")
_FLEET = UUID("01a20ac5-7c1e-7000-8000-2f4b5c6d7e8f")
_WORKLOAD = UUID("01a20ac5-7c1e-7000-8000-0a1b2c3d4e5f")
_ERRORS: tuple[tuple[str, Exception], ...] = (
    ("/v1/workloads", BadJson("unexpected end of data (byte 120)")),
    (
        "/v1/workloads",
        BadShape((Problem(pointer="/demand/requests_per_mont", detail="is not a known field"),)),
    ),
    ("/v1/workloads", BadParameters((Problem(pointer="/limit", detail="Expected `int` <= 200"),))),
    ("/v1/forecasts", BadHeader("Prefer", "must give wait in whole seconds, such as wait=10")),
    ("/v1/workloads", Unauthenticated()),
    ("/v1/keys", ScopeMissing("admin")),
    ("/v1/workloads", CsrfRefused("the page's token is missing: send it as the header X-CSRF-Token")),
    (f"/v1/forecasts/{_FORECAST}", NotFound(resource="forecast", key=_FORECAST)),
    ("/v1/prices", MethodNotAllowedException()),
    ("/v1/workloads", NameTaken(resource="workload", name="helpdesk")),
    (
        "/v1/fleets/01a20ac5-7c1e-7000-8000-2f4b5c6d7e8f",
        StillReferenced(resource="fleet", name="h100-pool", by=("generation",)),
    ),
    (f"/v1/forecasts/{_FORECAST}/cancel", AlreadyFinished(resource="forecast", key=_FORECAST, status="succeeded")),
    (
        f"/v1/budgets/{_BUDGET}/approve",
        WrongStatus(resource="budget", key=_BUDGET, status="draft", needed="submitted"),
    ),
    ("/v1/webhooks", LimitReached(resource="webhook", most=50)),
    (
        f"/v1/forecasts/{_FORECAST}/export",
        ProfileIncomplete((Problem(pointer="/accounts/6420", detail="the forecast has lines with this code"),)),
    ),
    ("/v1/budgets", NoBudget("running")),
    ("/v1/schedules/01a20ac5-7c1e-7000-8000-1a2b3c4d5e6f/skip", NothingAhead()),
    ("/v1/workloads", IdempotencyKeyBusy()),
    ("/v1/workloads", IdempotencyKeyReused()),
    (f"/v1/workloads/{_WORKLOAD}", StaleVersion(resource="workload", key=_WORKLOAD, current=4)),
    (f"/v1/workloads/{_WORKLOAD}", ConditionMissing()),
    ("/v1/workloads", RequestEntityTooLarge()),
    ("/v1/workloads", NotJson("text/csv")),
    (
        "/v1/workloads",
        InvalidInput(
            (Problem(pointer="/demand/requests_per_month", detail="must be 0 or more and at most 1e+13, not -5"),)
        ),
    ),
    ("/v1/workloads", RuntimeError()),
    ("/v1/workloads", PoolTimeoutError()),
    ("/v1/workloads", ClientException("the request is malformed")),
    ("/v1/unheard-of", NotFoundException()),
)


def problem_examples() -> dict[str, dict[str, Any]]:
    """By slug: every type there is, also those that nothing above has an error for."""
    documents: dict[str, Mapping[str, Any]] = {}
    for instance, error in _ERRORS:
        document = problem_document(error, instance=instance)
        documents.setdefault(kind_of(error).slug, msgspec.to_builtins(document))
    return {
        kind.slug: {"summary": kind.title, "value": documents.get(kind.slug) or _plain(kind)}
        for kind in problem_types()
    }


def _plain(kind: ProblemType) -> Mapping[str, Any]:
    document = ProblemDocument(type=kind.type, title=kind.title, status=kind.status, detail=kind.title, instance="/v1")
    found: Mapping[str, Any] = msgspec.to_builtins(document)
    return found
