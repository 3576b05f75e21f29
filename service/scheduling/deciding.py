"""Decides every occurrence of a schedule that is due, once: the run and the forecast it asks for in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from forecasts.errors import InvalidInput
from service.forecasting.new_forecast import add_forecast
from service.problem_types import INVALID_INPUT
from service.recurrence.timing import Occurrence
from service.scheduling.asking import prepared_run
from service.schemas.schedules.resource import declared_schedule, declared_timing
from service.store import outbox, schedule_runs, schedules
from service.store.schedule_runs import Decision, RunStatus
from service.store.schedules import ScheduleRecord

# What one look starts at most, so that its transaction stays short; the next look goes on.
MOST_RUNS_AT_ONCE = 12
# How much of a long absence is listed as missed.
_MOST_MISSED = 100


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a look at a schedule led to: the forecasts to send to the queue once the transaction has committed."""

    forecasts: tuple[UUID, ...]
    failed: int


def decide_due(session: Connection, schedule: ScheduleRecord, *, actor: str, now: datetime) -> Decided:
    """Decides what is due of a schedule that this transaction holds; a second scheduler finds it decided.

    What no scheduler looked at in time is caught up with as the schedule says: its latest occurrence, or all.
    """
    declared, timing = declared_schedule(schedule), declared_timing(schedule)
    since = schedule.counts_from
    if schedule.looked_at is not None and schedule.looked_at <= now:
        since = max(since, schedule.looked_at)
    due = timing.between(since, now)
    known = schedule_runs.statuses(session, schedule.id, [one.key for one in due])
    undecided = [one for one in due if known.get(one.key) is None]
    if declared.catch_up == "all":
        wanted, missed = undecided[:MOST_RUNS_AT_ONCE], []
    else:
        # A clock that was ahead for a while may have called the latest one missed, or the ones before it.
        wanted = [one for one in due[-1:] if known.get(one.key) in (None, "missed")]
        missed = [one for one in undecided if one not in wanted][-_MOST_MISSED:]
    for one in missed:
        _pass_over(session, schedule, one, "missed", actor=actor, now=now)
    started, failed = [], 0
    for one in wanted:
        try:
            started.append(start(session, schedule, one, actor=actor, now=now))
        except InvalidInput as error:
            failed += 1
            problem = _problem_document(error)
            schedule_runs.decide(session, _decision(schedule, one, "failed", actor, problem=problem), now=now)
    left = undecided[len(wanted) :] if declared.catch_up == "all" else []
    until = wanted[-1].due_at if left else now
    following = left[:1] or timing.after(now, 1)
    next_due_at = following[0].due_at if following else None
    schedules.looked_at(session, schedule.id, until=until, next_due_at=next_due_at)
    return Decided(forecasts=tuple(started), failed=failed)


def start(
    session: Connection, schedule: ScheduleRecord, occurrence: Occurrence | None, *, actor: str, now: datetime
) -> UUID:
    """Asks for the forecast of an occurrence, or on demand for today's; send it to the queue after the commit.

    Raises InvalidInput, by pointers into the schedule, where its inputs make no sense any more.
    """
    declared = declared_schedule(schedule)
    day = (declared.local_time(now) if occurrence is None else occurrence.local).date()
    prepared = prepared_run(session, declared, due=day, now=now)
    previous = schedule_runs.latest_forecast(session, schedule.id)
    state = add_forecast(session, prepared, requested_by=actor, previous_forecast_id=previous, now=now)
    forecast_id = state.id
    decision = _decision(schedule, occurrence, "started", actor, forecast_id=forecast_id)
    if schedule_runs.decide(session, decision, now=now) is None:
        raise RuntimeError(f"{decision.occurrence} was decided although its schedule is held")
    return forecast_id


def skip(session: Connection, schedule: ScheduleRecord, *, actor: str, now: datetime) -> Occurrence | None:
    """Decides that the next occurrence that is to run will not; None where there is none left."""
    ahead = declared_timing(schedule).after(max(now, schedule.counts_from), _MOST_MISSED)
    known = schedule_runs.statuses(session, schedule.id, [one.key for one in ahead])
    for one in ahead:
        if known.get(one.key) in (None, "missed"):
            _pass_over(session, schedule, one, "skipped", actor=actor, now=now)
            return one
    return None


def _pass_over(
    session: Connection,
    schedule: ScheduleRecord,
    occurrence: Occurrence,
    why: Literal["skipped", "missed"],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Decides that an occurrence makes no forecast, and announces it: somebody may count on one."""
    if schedule_runs.decide(session, _decision(schedule, occurrence, why, actor), now=now) is None:
        return
    data = {
        "id": schedule.id,
        "name": schedule.name,
        "occurrence": occurrence.key,
        "due_at": occurrence.due_at,
        "reason": why,
        "by": actor,
    }
    outbox.add(session, event="schedule.skipped", subject=f"schedule/{schedule.id}", data=data, now=now)


def _problem_document(error: InvalidInput) -> dict[str, Any]:
    """Why a run asked for no forecast, in the shape of RFC 9457; pointers lead into the schedule."""
    return {
        "type": INVALID_INPUT.type,
        "title": INVALID_INPUT.title,
        "status": INVALID_INPUT.status,
        "detail": str(error),
        "errors": [{"pointer": problem.pointer, "detail": problem.detail} for problem in error.problems],
    }


def _decision(
    schedule: ScheduleRecord, occurrence: Occurrence | None, status: RunStatus, actor: str, **more: Any
) -> Decision:
    return Decision(
        schedule_id=schedule.id,
        occurrence=None if occurrence is None else occurrence.key,
        due_at=None if occurrence is None else occurrence.due_at,
        status=status,
        requested_by=actor,
        **more,
    )
