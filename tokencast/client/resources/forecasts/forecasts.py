"""Forecasts: asked for, waited for, read to the last line."""

import time
from collections.abc import Iterator

from tokencast.client.events import data_of_events
from tokencast.client.problems import Unfinished, Unreachable, read_json
from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.forecasts import (
    ForecastIn,
    ForecastMonthsOut,
    ForecastOut,
    ForecastState,
    LineOut,
    LineTraceOut,
    PreviewIn,
    PreviewOut,
    ReforecastIn,
)
from tokencast.client.waiting import FINISHED, MOST_SECONDS_TO_WAIT, prefer_wait

_RECONNECTS = 5
_SECONDS_TO_RECONNECT = 1.0
# Where something on the way does not let a request wait.
_SECONDS_BETWEEN_LOOKS = 1.0


class Forecasts(Resource):
    def create(
        self,
        asked: ForecastIn | bytes,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
    ) -> ForecastOut:
        """The forecast as it stands: queued, or finished if that takes no longer than `wait_seconds` (60 at most)."""
        return self._connection.post(
            at("forecasts"), ForecastOut, asked, headers=prefer_wait(wait_seconds), idempotency_key=idempotency_key
        )

    def preview(self, asked: PreviewIn) -> PreviewOut:
        """What a workload or fleet would cost in the next twelve months, on few draws; nothing of it is stored."""
        return self._connection.post(at("previews"), PreviewOut, asked)

    def each(self, *, status: str | None = None) -> Iterator[ForecastState]:
        """The newest first, without their budgets."""
        return self._connection.pages(at("forecasts"), ForecastState, {"status": status})

    def get(self, forecast_id: str, *, wait_seconds: int | None = None) -> ForecastOut:
        return self._connection.get(at("forecasts", forecast_id), ForecastOut, headers=prefer_wait(wait_seconds))

    def wait(self, forecast_id: str, *, seconds: float = 600.0) -> ForecastOut:
        """The forecast once it is finished, well or badly, by as many requests as that takes; or else Unfinished."""
        ends = time.monotonic() + seconds
        while True:
            left = ends - time.monotonic()
            found = self.get(forecast_id, wait_seconds=max(0, min(MOST_SECONDS_TO_WAIT, int(left))))
            if found["status"] in FINISHED:
                return found
            left = ends - time.monotonic()
            if left <= 0:
                done = f"{found['status']}, {found['progress_fraction']:.0%} done"
                raise Unfinished(f"the forecast {forecast_id} is not finished after {seconds:g} s: {done}")
            self._connection.sleep(min(_SECONDS_BETWEEN_LOOKS, left))

    def follow(self, forecast_id: str) -> Iterator[ForecastState]:
        """Each state as it comes, the last one finished; a stream that breaks is taken up where it was."""
        path = at("forecasts", forecast_id, "events")
        broken, last_id = 0, None
        while True:
            headers: dict[str, str] = {} if last_id is None else {"Last-Event-ID": last_id}
            try:
                for event_id, data in data_of_events(self._connection.lines(path, headers=headers)):
                    broken, last_id = 0, event_id
                    state: ForecastState = read_json(data.encode())
                    yield state
                    if state["status"] in FINISHED:
                        return
            except Unreachable:
                broken += 1
                if broken > _RECONNECTS:
                    raise
            self._connection.sleep(_SECONDS_TO_RECONNECT)

    def cancel(self, forecast_id: str) -> ForecastState:
        return self._connection.post(at("forecasts", forecast_id, "cancel"), ForecastState)

    def reforecast(
        self, forecast_id: str, terms: ReforecastIn | None = None, *, idempotency_key: str | None = None
    ) -> ForecastState:
        """A new forecast of the same, of what is stored and recorded now."""
        path = at("forecasts", forecast_id, "reforecast")
        return self._connection.post(path, ForecastState, terms or {}, idempotency_key=idempotency_key)

    def months(self, forecast_id: str, by: str, *, largest: int | None = None) -> ForecastMonthsOut:
        """What each month costs by group: the `largest` groups, and all others together."""
        query = {"by": by, "largest": largest}
        return self._connection.get(at("forecasts", forecast_id, "months"), ForecastMonthsOut, query=query)

    def lines(self, forecast_id: str) -> Iterator[LineOut]:
        """Every line of the cost: they add up to the totals to the cent."""
        return self._connection.pages(at("forecasts", forecast_id, "lines"), LineOut)

    def trace(self, forecast_id: str, line: str) -> LineTraceOut:
        """Where the amount of a line comes from: inputs, price rows, method."""
        return self._connection.get(at("forecasts", forecast_id, "lines", line), LineTraceOut)
