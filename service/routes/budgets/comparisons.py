"""A budget against actual cost and the newest forecast, with what was said about its variances."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response

from forecasts.errors import Findings, Problem
from service.answers import Answer, json_answer
from service.budgeting.loading import load_comparison
from service.problem_types import (
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NO_BUDGET,
    NOT_FOUND,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import id_from
from service.refusals import BadParameters, NoBudget
from service.routes.budgets.versions import ONE
from service.schemas.budgets.comparison import (
    CommentIn,
    CommentOut,
    ComparisonOut,
    ComparisonQuery,
    comment_out,
    comparison_out,
)
from service.store import forecasts
from service.store.budgets import comments, versions

_TAG: dict[str, Any] = {"tag": "budgets"}


@operation(
    "GET",
    ONE + "/variance",
    "compareBudget",
    summary="The budget against actual cost and a forecast, month by month: by default the newest that covers it",
    query=ComparisonQuery,
    answers={200: Answered(shape=ComparisonOut)},
    problems=(NOT_FOUND, NO_BUDGET),
    scope="read",
    **_TAG,
)
def compare_budget(request: Incoming, budget_id: PathText) -> Response[bytes]:
    query = read_query(request, ComparisonQuery)
    return json_answer(compared(request, budget_id, query.forecast)).response()


def compared(request: Incoming, budget_id: str, against: UUID | None) -> ComparisonOut:
    """The caller's budget against this forecast, or the newest that covers it."""
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = versions.get(session, id_from(budget_id, "budget"))
        forecast = None if against is None else forecasts.get(session, against)
        if forecast is not None and forecast.status != "succeeded":
            raise NoBudget(forecast.status)
        if forecast is not None and forecast.currency != record.currency:
            detail = f"is in {forecast.currency}, the budget in {record.currency}; give a forecast in that"
            raise BadParameters((Problem(pointer="/forecast", detail=detail),))
        found = load_comparison(session, record, today=parts.clock().date(), forecast=forecast)
        said = comments.of_budget(session, record.id)
    return comparison_out(found, said)


@operation(
    "POST",
    ONE + "/comments",
    "commentOnBudget",
    summary="Say why a month, or the whole budget, varies",
    body=CommentIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=CommentOut, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    scope="write",
    **_TAG,
)
def comment_on_budget(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_comment, request, body, budget_id)).response()


def _comment(request: Incoming, body: bytes, budget_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(budget_id, "budget")
    sent = read_body(request, body, CommentIn)
    findings = Findings()
    with parts.database.tenant(caller.workspace_id) as session:
        budget = versions.get(session, found)
        month = sent.to_month(findings, budget)
        findings.end()
        record = comments.add(session, found, month=month, comment=sent.comment, actor=caller.actor, now=parts.clock())
        return keep(session, json_answer(comment_out(record), status=201))


ROUTES = (compare_budget, comment_on_budget)
