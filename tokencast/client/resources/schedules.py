"""Schedules: when forecasts are renewed by themselves."""

from collections.abc import Iterator

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.forecasts import ForecastState
from tokencast.client.shapes.schedules import OccurrenceOut, RunOut, ScheduleIn, ScheduleOut
from tokencast.client.versions import Held, if_match


class Schedules(Resource):
    def create(self, schedule: ScheduleIn, *, idempotency_key: str | None = None) -> ScheduleOut:
        return self._connection.post(at("schedules"), ScheduleOut, schedule, idempotency_key=idempotency_key)

    def each(self, *, name: str | None = None) -> Iterator[ScheduleOut]:
        return self._connection.pages(at("schedules"), ScheduleOut, {"name": name})

    def get(self, schedule_id: str) -> ScheduleOut:
        return self._connection.get(at("schedules", schedule_id), ScheduleOut)

    def replace(self, held: Held, schedule: ScheduleIn) -> ScheduleOut:
        """Raises Stale where the schedule is no longer as it was read."""
        return self._connection.put(
            at("schedules", held["id"]), ScheduleOut, schedule, headers=if_match(held["version"])
        )

    def delete(self, held: Held) -> None:
        self._connection.delete(at("schedules", held["id"]), headers=if_match(held["version"]))

    def occurrences(self, schedule_id: str, *, count: int | None = None) -> list[OccurrenceOut]:
        """The next occurrences, skipped ones too."""
        return self._connection.items(at("schedules", schedule_id, "occurrences"), OccurrenceOut, {"count": count})

    def runs(self, schedule_id: str) -> Iterator[RunOut]:
        """What became of every occurrence so far, the newest first."""
        return self._connection.pages(at("schedules", schedule_id, "runs"), RunOut)

    def pause(self, schedule_id: str) -> ScheduleOut:
        return self._connection.post(at("schedules", schedule_id, "pause"), ScheduleOut)

    def resume(self, schedule_id: str) -> ScheduleOut:
        return self._connection.post(at("schedules", schedule_id, "resume"), ScheduleOut)

    def run(self, schedule_id: str, *, idempotency_key: str | None = None) -> ForecastState:
        """The forecast that the schedule asks for, now."""
        return self._connection.post(
            at("schedules", schedule_id, "run"), ForecastState, idempotency_key=idempotency_key
        )

    def skip(self, schedule_id: str) -> OccurrenceOut:
        """Leaves out the next occurrence, and says which one that is."""
        return self._connection.post(at("schedules", schedule_id, "skip"), OccurrenceOut)

    def calendar(self, schedule_id: str, *, count: int | None = None) -> bytes:
        """The occurrences ahead as an iCalendar file."""
        return self._connection.read(at("schedules", schedule_id, "calendar.ics"), query={"count": count})
