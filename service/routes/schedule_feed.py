"""The dates of a schedule as a calendar feed."""

from litestar import Response

from service.answers import Answer
from service.exports.dates import CalendarDate, calendar_feed
from service.problem_types import NOT_FOUND
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.routes.schedules import PATH
from service.schemas.schedules.resource import OccurrencesQuery, declared_timing
from service.store import schedule_runs, schedules

MEDIA_TYPE = "text/calendar"


@operation(
    "GET",
    PATH + "/{schedule_id:str}/calendar.ics",
    "getScheduleCalendar",
    summary="The next re-forecasts of a schedule as a calendar feed (RFC 5545); skipped ones are left out",
    tag="schedules",
    scope="read",
    query=OccurrencesQuery,
    answers={200: Answered(media_type=MEDIA_TYPE, description="The feed; a date that holidays move keeps its uid.")},
    problems=(NOT_FOUND,),
)
def get_schedule_calendar(request: Incoming, schedule_id: PathText) -> Response[bytes]:
    parts = parts_of(request)
    query = read_query(request, OccurrencesQuery)
    now = parts.clock()
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        record = schedules.get(session, id_from(schedule_id, "schedule"))
        ahead = declared_timing(record).after(now, query.count)
        decided = schedule_runs.statuses(session, record.id, [one.key for one in ahead])
    dates = [
        CalendarDate(
            uid=f"{record.id}/{one.key}",
            when=one.due_at,
            summary=f"Re-forecast: {record.name}",
            description=f"Occurrence {one.key} of the schedule {record.name}",
        )
        for one in ahead
        if decided.get(one.key) != "skipped"
    ]
    feed = calendar_feed(dates, name=record.name, stamped=now)
    return Answer(status=200, body=feed, media_type=MEDIA_TYPE).response()


ROUTES = (get_schedule_calendar,)
