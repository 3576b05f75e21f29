"""Recorded usage: totals taken in bulk, listed, and fixed by closing their months."""

from datetime import date
from functools import partial
from typing import Any

import msgspec
from litestar import Response

from forecasts.timeline import Month
from service.answers import Answer, json_answer
from service.estate.recorded_usage import record_usage
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, page_answer
from service.schemas.usage.record import UsageBatch
from service.schemas.usage.resource import (
    MonthList,
    MonthOut,
    UsagePage,
    UsageQuery,
    UsageRecorded,
    month_out,
    usage_out,
)
from service.store import audit, usage
from service.store.errors import NotFound

PATH = "/v1/usage"

_READ: dict[str, Any] = {"tag": "usage", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "usage", "scope": "write"}
_APPROVE: dict[str, Any] = {"tag": "usage", "scope": "approve"}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)
_MONTH = PATH + "/months/{month:str}"


@operation(
    "POST",
    PATH,
    "recordUsage",
    summary="Record totals of usage and cost by workload, route and meter, for months or days; all rows or none",
    body=UsageBatch,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=UsageRecorded, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, *_ONCE),
    **_WRITE,
)
def post_usage(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_post_usage, request, body)).response()


def _post_usage(request: Incoming, body: bytes, keep: Keep) -> Answer:
    return recorded(request, read_body(request, body, UsageBatch), keep)


def recorded(request: Incoming, sent: UsageBatch, keep: Keep) -> Answer:
    """Records a batch for the caller, and says what of it was new."""
    parts, caller = parts_of(request), caller_of(request)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        done = record_usage(session, sent, actor=caller.actor, now=now)
        counts = UsageRecorded(added=done.added, corrected=done.corrected, unchanged=done.unchanged)
        if done.added or done.corrected:
            detail = msgspec.structs.asdict(counts)
            audit.record(session, actor=caller.actor, action="usage.record", subject="usage", detail=detail, now=now)
        return keep(session, json_answer(counts))


@operation(
    "GET",
    PATH,
    "listUsage",
    summary="Recorded usage in the order it was added",
    query=UsageQuery,
    answers={200: Answered(shape=UsagePage, headers=("Link",))},
    **_READ,
)
def list_usage(request: Incoming) -> Response[bytes]:
    query = read_query(request, UsageQuery)
    month = query.first_day()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = usage.page(
            session, after=after_id(query), limit=query.limit, month=month, workload=query.workload
        )
    return page_answer(request, query, map(usage_out, records), after).response()


@operation(
    "GET",
    PATH + "/months",
    "listUsageMonths",
    summary="The months that have recorded usage or are closed",
    answers={200: Answered(shape=MonthList)},
    **_READ,
)
def list_months(request: Incoming) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        found = usage.months(session)
    return json_answer(MonthList(items=[month_out(one) for one in found])).response()


@operation(
    "POST",
    _MONTH + "/close",
    "closeMonth",
    summary="Close a month: what was recorded for it stands",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=MonthOut, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, *_ONCE),
    **_APPROVE,
)
def close_month(request: Incoming, body: BodyBytes, month: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_set_closed, request, month, True)).response()  # noqa: FBT003 - named below


@operation(
    "POST",
    _MONTH + "/reopen",
    "reopenMonth",
    summary="Open a closed month again, so that its usage can be corrected",
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=MonthOut, headers=("Idempotent-Replayed",))},
    problems=(NOT_FOUND, *_ONCE),
    **_APPROVE,
)
def reopen_month(request: Incoming, body: BodyBytes, month: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_set_closed, request, month, False)).response()  # noqa: FBT003 - named below


def _set_closed(request: Incoming, text: str, closed: bool, keep: Keep) -> Answer:  # noqa: FBT001 - it says which
    parts, caller = parts_of(request), caller_of(request)
    month = month_from(text)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        if closed:
            changed = usage.close_month(session, month, actor=caller.actor, now=now)
        else:
            changed = usage.reopen_month(session, month)
        if changed:
            action = "usage.close" if closed else "usage.reopen"
            audit.record(session, actor=caller.actor, action=action, subject=f"month/{month:%Y-%m}", now=now)
        found = next((one for one in usage.months(session) if one.month == month), None)
        shown = found or usage.RecordedMonth(month=month, rows=0, closed_at=None, closed_by=None)
        return keep(session, json_answer(month_out(shown)))


def month_from(text: str) -> date:
    """The first day of a month of a path; text that cannot be one is a month that does not exist."""
    try:
        return Month.parse(text).first_day
    except ValueError:
        raise NotFound("month", text[:64]) from None


ROUTES = (post_usage, list_usage, list_months, close_month, reopen_month)
