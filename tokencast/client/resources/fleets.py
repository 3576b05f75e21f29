"""Fleets: the accelerators that serve workloads, and what they cost."""

from collections.abc import Iterator

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.fleets import FleetIn, FleetOut
from tokencast.client.versions import Held, if_match


class Fleets(Resource):
    def create(self, fleet: FleetIn, *, idempotency_key: str | None = None) -> FleetOut:
        return self._connection.post(at("fleets"), FleetOut, fleet, idempotency_key=idempotency_key)

    def each(self, *, name: str | None = None) -> Iterator[FleetOut]:
        return self._connection.pages(at("fleets"), FleetOut, {"name": name})

    def get(self, fleet_id: str) -> FleetOut:
        return self._connection.get(at("fleets", fleet_id), FleetOut)

    def replace(self, held: Held, fleet: FleetIn) -> FleetOut:
        """Raises Stale where the fleet is no longer as it was read."""
        return self._connection.put(at("fleets", held["id"]), FleetOut, fleet, headers=if_match(held["version"]))

    def delete(self, held: Held) -> None:
        """Raises Conflict while a workload still uses the fleet."""
        self._connection.delete(at("fleets", held["id"]), headers=if_match(held["version"]))
