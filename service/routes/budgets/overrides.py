"""Overrides of a draft: made for a month or a line, read, withdrawn."""

from functools import partial
from typing import Any

from litestar import Response
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.answers import Answer, json_answer
from service.budgeting.loading import load_standing
from service.budgeting.standing import BudgetMonth
from service.problem_types import (
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NOT_FOUND,
    WRONG_STATUS,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body
from service.protocol.resources import id_from
from service.routes.budgets.versions import ONE
from service.schemas.budgets.override import OverrideIn, OverrideList, OverrideOut, override_out
from service.store import lines
from service.store.budgets import overrides, versions
from service.store.budgets.versions import BudgetRecord
from service.store.errors import NotFound
from service.store.lines import LineRecord

_TAG: dict[str, Any] = {"tag": "budgets"}
_PROBLEMS = (NOT_FOUND, WRONG_STATUS, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)


@operation(
    "POST",
    ONE + "/overrides",
    "overrideBudget",
    summary="Budget a month or a line of a draft at another amount; what was computed is kept beside it",
    body=OverrideIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=OverrideOut, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, *_PROBLEMS),
    scope="write",
    **_TAG,
)
def override_budget(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_override, request, body, budget_id)).response()


def _override(request: Incoming, body: bytes, budget_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(budget_id, "budget")
    sent = read_body(request, body, OverrideIn)
    now = parts.clock()
    findings = Findings()
    with parts.database.tenant(caller.workspace_id) as session:
        budget = versions.get(session, found)
        sent.check(findings, budget, today=now.date())
        original = _original(session, budget, sent, findings)
        findings.end()
        versions.change_draft(session, found, now=now)
        record = overrides.add(session, sent.to_override(budget, original), actor=caller.actor, now=now)
        return keep(session, json_answer(override_out(record, now.date()), status=201))


def _original(
    session: Connection, budget: BudgetRecord, sent: OverrideIn, findings: Findings
) -> BudgetMonth | LineRecord:
    """What is overridden; where there is nothing of the kind, a problem and the budget's first month."""
    months = load_standing(session, budget, today=budget.created_at.date()).months
    if findings.problems:
        return months[0]
    if sent.line is not None:
        try:
            return lines.get(session, budget.forecast_id, int(sent.line))
        except NotFound:
            findings.add("/line", f"the budget's forecast has no line {sent.line}")
            return months[0]
    for month in months:
        if f"{month.month:%Y-%m}" == sent.month:
            return month
    first, last = months[0].month, months[-1].month
    findings.add("/month", f"must be a month of the budget, {first:%Y-%m} to {last:%Y-%m}")
    return months[0]


@operation(
    "GET",
    ONE + "/overrides",
    "listOverrides",
    summary="Every override of a budget in the order they were made, withdrawn and expired ones too",
    answers={200: Answered(shape=OverrideList)},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
def list_overrides(request: Incoming, budget_id: PathText) -> Response[bytes]:
    parts = parts_of(request)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        budget = versions.get(session, id_from(budget_id, "budget"))
        found = overrides.of_budgets(session, [budget.id])
    day = budget.decided_on(parts.clock().date())
    return json_answer({"items": [override_out(one, day) for one in found]}).response()


@operation(
    "POST",
    ONE + "/overrides/{override_id:str}/withdraw",
    "withdrawOverride",
    summary="Withdraw an override of a draft: the computed amount counts again",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=OverrideOut, headers=("Idempotent-Replayed",))},
    problems=_PROBLEMS,
    scope="write",
    **_TAG,
)
def withdraw_override(
    request: Incoming, body: BodyBytes, budget_id: PathText, override_id: PathText
) -> Response[bytes]:
    return answer_once(request, body, partial(_withdraw, request, budget_id, override_id)).response()


def _withdraw(request: Incoming, budget_id: str, override_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found, wanted = id_from(budget_id, "budget"), id_from(override_id, "override")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        versions.change_draft(session, found, now=now)
        record = overrides.withdraw(session, found, wanted, actor=caller.actor, now=now)
        return keep(session, json_answer(override_out(record, now.date())))


ROUTES = (override_budget, list_overrides, withdraw_override)
