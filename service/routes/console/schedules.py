"""Schedules: the list, a new one, and one with what is ahead of it and behind."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response
from sqlalchemy import Connection

from forecasts.catalog.holidays import holiday_calendars
from forecasts.errors import InvalidInput
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import after_id, id_from
from service.recurrence.timing import Occurrence, known_zones
from service.schemas.page import PageQuery, cursor_after
from service.schemas.schedules.resource import OccurrenceOut, declared_timing, occurrences_out, schedule_state
from service.store import forecasts, keys, plans, schedule_runs, schedules, workloads
from service.store.schedule_runs import RunRecord
from service.store.schedules import ScheduleRecord
from service.web.rendering import render
from service.web.views.actors import actor_name, key_ids
from service.web.views.rules import FIRST_WEEKDAY, WEEKDAYS, rule_choice, rule_words

_AHEAD_IN_LIST = 2
_AHEAD = 10
_PER_PAGE = 25
_RUNS = 20
_CHOICES = 200
_RULE_KINDS = (
    ("first-weekday", "on the first weekday of each month"),
    ("last-weekday", "on the last weekday of each month"),
    ("month-day", "on a day of each month"),
    ("weekly", "every week"),
    ("own", "by a rule of my own"),
)


@dataclass(frozen=True, kw_only=True)
class ListedSchedule:
    """One row of the list; `said` is the rule in words, `last` the newest run."""

    id: UUID
    name: str
    state: str
    said: str
    time_zone: str
    ahead: list[OccurrenceOut]
    last: RunRecord | None


@page("/schedules", "schedulesPage")
def get_schedules(request: Incoming) -> Response[Any]:
    query = read_query(request, PageQuery)
    now = parts_of(request).clock()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = schedules.page(session, after=after_id(query), limit=min(query.limit, _PER_PAGE))
        runs = schedule_runs.latest(session, [record.id for record in records])
        ahead = {
            record.id: _ahead(record, now, _AHEAD_IN_LIST) for record in records if schedule_state(record) == "running"
        }
        known = schedule_runs.statuses_by_schedule(
            session, {found: [one.key for one in dates] for found, dates in ahead.items()}
        )
    listed = [
        ListedSchedule(
            id=record.id,
            name=record.name,
            state=schedule_state(record),
            said=rule_words(record.document["rule"], record.document["starts"]),
            time_zone=record.document["time_zone"],
            ahead=occurrences_out(ahead.get(record.id, ()), known.get(record.id, {})).items,
            last=runs.get(record.id),
        )
        for record in records
    ]
    cursor = None if after is None else cursor_after(after)
    return render(request, "schedules/list.html", schedules=listed, cursor=cursor)


@page("/schedules/new", "newSchedulePage")
def get_new_schedule(request: Incoming) -> Response[Any]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        fields = _fields(session, {})
    return render(request, "schedules/new.html", **fields)


@page("/schedules/{schedule_id:str}", "schedulePage")
def get_schedule(request: Incoming, schedule_id: PathText) -> Response[Any]:
    query = read_query(request, PageQuery)
    now = parts_of(request).clock()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = schedules.get(session, id_from(schedule_id, "schedule"))
        runs, after = schedule_runs.page(session, record.id, after=after_id(query), limit=min(query.limit, _RUNS))
        asked_for = forecasts.find(session, [run.forecast_id for run in runs if run.forecast_id is not None])
        names = keys.names(session, key_ids(run.requested_by for run in runs))
        ahead = _ahead(record, now, _AHEAD)
        known = schedule_runs.statuses(session, record.id, [one.key for one in ahead])
        fields = _fields(session, record.document)
    return render(
        request,
        "schedules/one.html",
        schedule=record,
        state=schedule_state(record),
        said=rule_words(record.document["rule"], record.document["starts"]),
        ahead=occurrences_out(ahead, known).items,
        runs=runs,
        forecasts=asked_for,
        named=partial(actor_name, names=names),
        cursor=None if after is None else cursor_after(after),
        **fields,
    )


def _ahead(record: ScheduleRecord, now: datetime, count: int) -> list[Occurrence]:
    """The next occurrences; none where the zone or calendar of the schedule is no longer known."""
    try:
        return declared_timing(record).after(now, count)
    except InvalidInput:
        return []


def _fields(session: Connection, document: dict[str, Any]) -> dict[str, Any]:
    """What the form of a schedule needs; a new one has an empty document."""
    stored, _ = workloads.page(session, after=None, limit=_CHOICES)
    applied, _ = plans.page(session, after=None, limit=_CHOICES)
    rule = document.get("rule", FIRST_WEEKDAY)
    declared = list(document.get("workloads") or ())
    return {
        "document": document,
        "rule": rule,
        "choice": rule_choice(rule),
        "rule_kinds": _RULE_KINDS,
        "weekdays": WEEKDAYS,
        "zones": sorted(known_zones()),
        "calendars": sorted(holiday_calendars()),
        # What is declared stays a choice, also where it is gone or further down the list.
        "workloads": [*declared, *(one.name for one in stored if one.name not in declared)],
        "plans": [one.name for one in applied],
    }


PAGES = (get_schedules, get_new_schedule, get_schedule)
