"""Plans: whole estates as one document, applied whole or not at all."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer, no_content
from service.estate.applying import Applied, Replacing, apply_plan
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NAME_TAKEN,
    NOT_FOUND,
    STALE_VERSION,
    STILL_REFERENCED,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query, version_tag
from service.protocol.resources import after_id, expected_version, id_from, page_answer, shown
from service.schemas.page import NamedPageQuery
from service.schemas.plan.plan import PlanIn
from service.schemas.plan.resource import (
    ApplyQuery,
    PlanApplied,
    PlanOut,
    PlanPage,
    plan_out,
    plan_summary,
)
from service.store import audit, plans

PATH = "/v1/plans"

_READ: dict[str, Any] = {"tag": "plans", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "plans", "scope": "write"}
_ONE = PATH + "/{plan_id:str}"


@operation(
    "POST",
    PATH,
    "applyPlan",
    summary="Apply a plan: create and update what it declares, whole or not at all",
    body=PlanIn,
    query=ApplyQuery,
    takes=("Idempotency-Key",),
    answers={
        200: Answered(
            shape=PlanApplied,
            headers=("Location", "ETag", "Idempotent-Replayed"),
            description="Applied over the plan of the same name, or a dry run.",
        ),
        201: Answered(
            shape=PlanApplied,
            headers=("Location", "ETag", "Idempotent-Replayed"),
            description="Applied; there was no plan of this name.",
        ),
    },
    problems=(INVALID_INPUT, STILL_REFERENCED, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def post_plan(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_post_plan, request, body)).response()


def _post_plan(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    query = read_query(request, ApplyQuery)
    sent = read_body(request, body, PlanIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        # A dry run is the real thing, taken back to this point: what it shows is what would happen.
        savepoint = session.begin_nested()
        applied = apply_plan(session, sent, prune=query.prune, actor=caller.actor, now=now)
        if query.dry_run:
            savepoint.rollback()
            stored = plans.find_by_names(session, [sent.name]).get(sent.name)
            summary = None if stored is None else plan_summary(stored)
            shown_changes = PlanApplied(plan=summary, dry_run=True, changes=applied.changes)
            return keep(session, json_answer(shown_changes))
        savepoint.commit()
        return keep(session, _applied(applied, status=201 if applied.created else 200))


@operation(
    "GET",
    PATH,
    "listPlans",
    summary="Plans without their documents, in the order they were first applied",
    query=NamedPageQuery,
    answers={200: Answered(shape=PlanPage, headers=("Link",))},
    **_READ,
)
def list_plans(request: Incoming) -> Response[bytes]:
    query = read_query(request, NamedPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = plans.page(session, after=after_id(query), limit=query.limit, name=query.name)
    return page_answer(request, query, map(plan_summary, records), after).response()


@operation(
    "GET",
    _ONE,
    "getPlan",
    summary="One plan as it was last applied",
    takes=("If-None-Match",),
    answers={200: Answered(shape=PlanOut, headers=("ETag",)), 304: Answered(description="Not modified.")},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_plan(request: Incoming, plan_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = plans.get(session, id_from(plan_id, "plan"))
    return shown(request, record, plan_out(record)).response()


@operation(
    "PUT",
    _ONE,
    "replacePlan",
    summary="Apply a document over a plan that has not changed since it was read",
    body=PlanIn,
    query=ApplyQuery,
    takes=("If-Match",),
    answers={200: Answered(shape=PlanApplied, headers=("Location", "ETag"))},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, NAME_TAKEN, STILL_REFERENCED, INVALID_INPUT),
    **_WRITE,
)
def replace_plan(request: Incoming, body: BodyBytes, plan_id: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(plan_id, "plan")
    query = read_query(request, ApplyQuery)
    sent = read_body(request, body, PlanIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: plans.get(session, found).version)
        replacing = Replacing(plan_id=found, version=version)
        savepoint = session.begin_nested()
        applied = apply_plan(session, sent, prune=query.prune, replacing=replacing, actor=caller.actor, now=now)
        if query.dry_run:
            savepoint.rollback()
            summary = plan_summary(plans.get(session, found))
            return json_answer(PlanApplied(plan=summary, dry_run=True, changes=applied.changes)).response()
        savepoint.commit()
    return _applied(applied, status=200).response()


@operation(
    "DELETE",
    _ONE,
    "deletePlan",
    summary="Forget a plan; the fleets, workloads and prices it brought stay",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING),
    **_WRITE,
)
def delete_plan(request: Incoming, plan_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(plan_id, "plan")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: plans.get(session, found).version)
        plans.remove(session, found, expected_version=version)
        audit.record(session, actor=caller.actor, action="plan.delete", subject=f"plan/{found}", now=now)
    return no_content()


def _applied(applied: Applied, *, status: int) -> Answer:
    record = applied.record
    return json_answer(
        PlanApplied(plan=plan_summary(record), dry_run=False, changes=applied.changes),
        status=status,
        headers={"Location": f"{PATH}/{record.id}", "ETag": version_tag(record.version)},
    )


ROUTES = (post_plan, list_plans, get_plan, replace_plan, delete_plan)
