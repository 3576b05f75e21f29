"""The same work on other hardware, and the cheapest mix of nodes: computed while one waits, nothing is stored."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.hardware import ComparisonIn, FleetPlanIn, FleetPlanOut, HardwareComparisonOut


class Comparisons(Resource):
    def fleets(self, asked: ComparisonIn) -> HardwareComparisonOut:
        return self._connection.post(at("comparisons", "fleets"), HardwareComparisonOut, asked)

    def fleet_plan(self, asked: FleetPlanIn) -> FleetPlanOut:
        return self._connection.post(at("fleet-plans"), FleetPlanOut, asked)
