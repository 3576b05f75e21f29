"""Versions of budgets: put forward, read, submitted, approved or returned, and removed while they are drafts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from litestar import Response
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.answers import Answer, json_answer, no_content
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NO_BUDGET,
    NOT_FOUND,
    STALE_VERSION,
    WRONG_STATUS,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, created, expected_version, id_from, page_answer, shown
from service.refusals import NoBudget
from service.schemas.budgets.threshold import DEFAULT_THRESHOLDS
from service.schemas.budgets.version import (
    BudgetIn,
    BudgetOut,
    BudgetPage,
    BudgetQuery,
    DecisionIn,
    budget_out,
    new_budget,
)
from service.store import forecasts
from service.store.budgets import overrides, thresholds, versions
from service.store.budgets.versions import BudgetRecord
from service.store.errors import NotFound

PATH = "/v1/budgets"
ONE = PATH + "/{budget_id:str}"

_TAG: dict[str, Any] = {"tag": "budgets"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)
_STEP: dict[str, Any] = {
    "body": DecisionIn,
    "takes": ("If-Match", "Idempotency-Key"),
    "answers": {200: Answered(shape=BudgetOut, headers=("ETag", "Idempotent-Replayed"))},
    "problems": (NOT_FOUND, STALE_VERSION, CONDITION_MISSING, WRONG_STATUS, *_ONCE),
    **_TAG,
}


@operation(
    "POST",
    PATH,
    "createBudget",
    summary="Put a finished forecast forward as the next version of a budget",
    body=BudgetIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=BudgetOut, headers=("Location", "ETag", "Idempotent-Replayed"))},
    problems=(INVALID_INPUT, NO_BUDGET, *_ONCE),
    scope="write",
    **_TAG,
)
def create_budget(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_budget, request, body)).response()


def _create_budget(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, BudgetIn)
    now = parts.clock()
    findings = Findings()
    rules = [rule.to_threshold(findings, f"/thresholds/{index}") for index, rule in enumerate(sent.thresholds or ())]
    with parts.database.tenant(caller.workspace_id) as session:
        try:
            forecast = forecasts.get(session, sent.forecast_id)
        except NotFound:
            findings.add("/forecast_id", f"there is no forecast {sent.forecast_id}")
        findings.end()
        if forecast.status != "succeeded":
            raise NoBudget(forecast.status)
        record = versions.add(session, new_budget(sent, forecast), actor=caller.actor, now=now)
        if sent.thresholds is None and record.number == 1:
            rules = [rule.to_threshold(findings, "") for rule in DEFAULT_THRESHOLDS]
        for rule in rules:
            thresholds.add(session, record, rule, actor=caller.actor, now=now)
        return keep(session, created(PATH, record, budget_out(record, (), today=now.date())))


@operation(
    "GET",
    PATH,
    "listBudgets",
    summary="Versions of budgets, the newest first",
    query=BudgetQuery,
    answers={200: Answered(shape=BudgetPage, headers=("Link",))},
    scope="read",
    **_TAG,
)
def list_budgets(request: Incoming) -> Response[bytes]:
    query = read_query(request, BudgetQuery)
    parts = parts_of(request)
    today = parts.clock().date()
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        records, after = versions.page(
            session, after=after_id(query), limit=query.limit, name=query.name, status=query.status
        )
        found = overrides.of_budgets(session, [record.id for record in records])
    items = [
        budget_out(record, [one for one in found if one.budget_id == record.id], today=today) for record in records
    ]
    return page_answer(request, query, items, after).response()


@operation(
    "GET",
    ONE,
    "getBudget",
    summary="One version of a budget",
    takes=("If-None-Match",),
    answers={200: Answered(shape=BudgetOut, headers=("ETag",)), 304: Answered(description="Not modified.")},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
def get_budget(request: Incoming, budget_id: PathText) -> Response[bytes]:
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = versions.get(session, id_from(budget_id, "budget"))
        found = overrides.of_budgets(session, [record.id])
    return shown(request, record, budget_out(record, found, today=parts.clock().date())).response()


@operation("POST", ONE + "/submit", "submitBudget", summary="Submit a draft for approval", scope="write", **_STEP)
def submit_budget(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return _step(request, body, budget_id, versions.submit)


@operation(
    "POST",
    ONE + "/approve",
    "approveBudget",
    summary="Approve what was submitted: it is locked, and supersedes the version of its name approved before",
    scope="approve",
    **_STEP,
)
def approve_budget(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return _step(request, body, budget_id, versions.approve)


@operation(
    "POST",
    ONE + "/return",
    "returnBudget",
    summary="Return what was submitted to its author as a draft",
    scope="approve",
    **_STEP,
)
def return_budget(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return _step(request, body, budget_id, versions.send_back)


def _step(request: Incoming, body: bytes, budget_id: str, move: Callable[..., BudgetRecord]) -> Response[bytes]:
    return answer_once(request, body, partial(_decide, request, body, budget_id, move)).response()


def _decide(request: Incoming, body: bytes, budget_id: str, move: Callable[..., BudgetRecord], keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(budget_id, "budget")
    sent = read_body(request, body, DecisionIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: versions.get(session, found).version)
        record = move(session, found, expected_version=version, reason=sent.reason, actor=caller.actor, now=now)
        return keep(session, _changed(session, record, now.date()))


def _changed(session: Connection, record: BudgetRecord, today: Any) -> Answer:
    body = budget_out(record, overrides.of_budgets(session, [record.id]), today=today)
    return json_answer(body, headers={"ETag": f'"{record.version}"'})


@operation(
    "DELETE",
    ONE,
    "deleteBudget",
    summary="Remove a draft",
    takes=("If-Match",),
    answers={204: Answered(description="Removed.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, WRONG_STATUS),
    scope="write",
    **_TAG,
)
def delete_budget(request: Incoming, budget_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(budget_id, "budget")
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: versions.get(session, found).version)
        versions.remove(session, found, expected_version=version, actor=caller.actor, now=parts.clock())
    return no_content()


ROUTES = (
    create_budget,
    list_budgets,
    get_budget,
    submit_budget,
    approve_budget,
    return_budget,
    delete_budget,
)
