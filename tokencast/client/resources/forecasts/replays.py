"""Replays: a forecast computed again from its frozen inputs, to show that it gives the same bytes."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.forecasts import ReplayOut
from tokencast.client.waiting import prefer_wait


class Replays(Resource):
    def create(
        self, forecast_id: str, *, wait_seconds: int | None = None, idempotency_key: str | None = None
    ) -> ReplayOut:
        path, headers = at("forecasts", forecast_id, "replay"), prefer_wait(wait_seconds)
        return self._connection.post(path, ReplayOut, headers=headers, idempotency_key=idempotency_key)

    def get(self, forecast_id: str, replay_id: str, *, wait_seconds: int | None = None) -> ReplayOut:
        path = at("forecasts", forecast_id, "replays", replay_id)
        return self._connection.get(path, ReplayOut, headers=prefer_wait(wait_seconds))
