"""Schedules as a resource: the declared document with its state, the occurrences ahead, the runs behind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.recurrence.timing import Occurrence, Timing
from service.schemas.schedules.schedule import ScheduleIn
from service.store.schedule_runs import RunRecord
from service.store.schedules import NewSchedule, ScheduleRecord

ScheduleState = Literal["running", "paused", "ended"]


class ScheduleOut(ScheduleIn, kw_only=True, frozen=True):
    id: UUID
    version: int
    state: ScheduleState
    next_due_at: datetime | None
    paused_at: datetime | None
    created_at: datetime
    updated_at: datetime


class SchedulePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ScheduleOut]
    next_cursor: str | None


class OccurrencesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    count: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class OccurrenceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`occurrence` is the rule's own time and zone, `local` the time after holidays; `skipped` ones will not run."""

    occurrence: str
    local: str
    due_at: datetime
    skipped: bool


class OccurrenceList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[OccurrenceOut]


class RunOut(msgspec.Struct, frozen=True, kw_only=True):
    """`occurrence` and `due_at` are null for a run on demand; `forecast_id` is that of a run that started."""

    id: UUID
    occurrence: str | None
    due_at: datetime | None
    status: Literal["started", "failed", "skipped", "missed"]
    forecast_id: UUID | None
    problem: dict[str, Any] | None
    requested_by: str
    decided_at: datetime


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[RunOut]
    next_cursor: str | None


def new_schedule(sent: ScheduleIn, *, counts_from: datetime, now: datetime) -> NewSchedule:
    """The row of a schedule that makes sense; raises InvalidInput with every problem of one that does not.

    `counts_from` is where its occurrences begin to count, `now` where the next one is looked for.
    """
    findings = Findings()
    sent.check(findings)
    timing = sent.to_timing(findings)
    if timing is not None and not timing.after(now, 1):
        findings.add("/rule", f"{sent.rule!r} does not fire any more after {now:%Y-%m-%d}")
    findings.end()
    assert timing is not None  # noqa: S101 - or else findings had ended it
    following = timing.after(counts_from, 1)
    return NewSchedule(
        name=sent.name,
        document=msgspec.to_builtins(sent),
        counts_from=counts_from,
        next_due_at=following[0].due_at if following else None,
    )


def declared_schedule(record: ScheduleRecord) -> ScheduleIn:
    """What a stored schedule says."""
    return msgspec.convert(record.document, ScheduleIn)


def declared_timing(record: ScheduleRecord) -> Timing:
    """When a stored schedule is due; raises InvalidInput where a zone or a calendar is no longer known."""
    findings = Findings()
    timing = declared_schedule(record).to_timing(findings)
    findings.end()
    assert timing is not None  # noqa: S101 - or else findings had ended it
    return timing


def same_timing(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents are due at the same times."""
    names = ("rule", "starts", "time_zone", "holiday_calendar", "holidays")
    return all(one.get(name) == other.get(name) for name in names)


def schedule_state(record: ScheduleRecord) -> ScheduleState:
    """`ended` is one whose rule does not fire any more."""
    if record.paused_at is not None:
        return "paused"
    return "ended" if record.next_due_at is None else "running"


def schedule_out(record: ScheduleRecord) -> dict[str, object]:
    """JSON values in the shape of ScheduleOut; the stored document is passed on as it is."""
    return {
        "id": record.id,
        "version": record.version,
        "state": schedule_state(record),
        "next_due_at": None if record.paused_at is not None else record.next_due_at,
        "paused_at": record.paused_at,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        **record.document,
    }


def occurrences_out(ahead: Iterable[Occurrence], known: Mapping[str, str]) -> OccurrenceList:
    return OccurrenceList(
        items=[
            OccurrenceOut(
                occurrence=one.key,
                local=one.local.isoformat(timespec="minutes"),
                due_at=one.due_at,
                skipped=known.get(one.key) == "skipped",
            )
            for one in ahead
        ]
    )


def run_out(record: RunRecord) -> RunOut:
    return RunOut(
        id=record.id,
        occurrence=record.occurrence,
        due_at=record.due_at,
        status=record.status,  # type: ignore[arg-type]  # the table's check constraint holds the same names
        forecast_id=record.forecast_id,
        problem=record.problem,
        requested_by=record.requested_by,
        decided_at=record.decided_at,
    )
