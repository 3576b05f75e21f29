"""Thresholds of a budget's name, and the alerts that crossing them raised."""

from functools import partial
from typing import Any

from litestar import Response

from forecasts.errors import Findings
from service.answers import Answer, json_answer, no_content
from service.budgeting.watching import check_thresholds
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body
from service.protocol.resources import id_from
from service.routes.budgets.versions import ONE
from service.schemas.budgets.threshold import (
    AlertList,
    ThresholdIn,
    ThresholdList,
    ThresholdOut,
    alert_out,
    threshold_out,
)
from service.store.budgets import thresholds, versions

_TAG: dict[str, Any] = {"tag": "budgets"}


@operation(
    "POST",
    ONE + "/thresholds",
    "addThreshold",
    summary="Be told when actual or forecast cost reaches a fraction of the budget, or an amount",
    body=ThresholdIn,
    takes=("Idempotency-Key",),
    answers={
        201: Answered(shape=ThresholdOut, headers=("Idempotent-Replayed",)),
        200: Answered(shape=ThresholdOut, description="The name has this threshold already."),
    },
    problems=(NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    scope="write",
    **_TAG,
)
def add_threshold(request: Incoming, body: BodyBytes, budget_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_add_threshold, request, body, budget_id)).response()


def _add_threshold(request: Incoming, body: bytes, budget_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(budget_id, "budget")
    sent = read_body(request, body, ThresholdIn)
    findings = Findings()
    rule = sent.to_threshold(findings, "")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        budget = versions.get(session, found)
        findings.end()
        record, is_new = thresholds.add(session, budget, rule, actor=caller.actor, now=now)
        check_thresholds(session, found, now=now)
        return keep(session, json_answer(threshold_out(record), status=201 if is_new else 200))


@operation(
    "GET",
    ONE + "/thresholds",
    "listThresholds",
    summary="The thresholds of a budget's name",
    answers={200: Answered(shape=ThresholdList)},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
def list_thresholds(request: Incoming, budget_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        budget = versions.get(session, id_from(budget_id, "budget"))
        found = thresholds.of_name(session, budget.name)
    return json_answer({"items": [threshold_out(one) for one in found]}).response()


@operation(
    "DELETE",
    ONE + "/thresholds/{threshold_id:str}",
    "removeThreshold",
    summary="Remove a threshold; the alerts it raised stay",
    answers={204: Answered(description="Removed.")},
    problems=(NOT_FOUND,),
    scope="write",
    **_TAG,
)
def remove_threshold(request: Incoming, budget_id: PathText, threshold_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    with parts.database.tenant(caller.workspace_id) as session:
        budget = versions.get(session, id_from(budget_id, "budget"))
        wanted = id_from(threshold_id, "threshold")
        thresholds.remove(session, budget, wanted, actor=caller.actor, now=parts.clock())
    return no_content()


@operation(
    "GET",
    ONE + "/alerts",
    "listAlerts",
    summary="Every crossing of a threshold, the newest first; cleared ones too",
    answers={200: Answered(shape=AlertList)},
    problems=(NOT_FOUND,),
    scope="read",
    **_TAG,
)
def list_alerts(request: Incoming, budget_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        budget = versions.get(session, id_from(budget_id, "budget"))
        found = thresholds.alerts(session, budget.id)
    return json_answer({"items": [alert_out(one) for one in found]}).response()


ROUTES = (add_threshold, list_thresholds, remove_threshold, list_alerts)
