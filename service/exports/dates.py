"""Dates as a calendar feed (RFC 5545) that calendars subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from icalendar import Calendar, Event


@dataclass(frozen=True, kw_only=True)
class CalendarDate:
    """A whole day, or an instant with its zone. `uid` stays the same when the date moves, so that calendars move it."""

    uid: str
    when: date | datetime
    summary: str
    description: str = ""


def calendar_feed(dates: Iterable[CalendarDate], *, name: str, stamped: datetime) -> bytes:
    """The feed; `stamped` is the instant it was made, in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tokencast//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in dates:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", stamped)
        # An instant goes out in UTC: every zone that a feed names it would have to describe, too.
        event.add("dtstart", one.when.astimezone(UTC) if isinstance(one.when, datetime) else one.when)
        event.add("summary", one.summary)
        if one.description:
            event.add("description", one.description)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
