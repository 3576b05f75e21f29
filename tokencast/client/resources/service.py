"""The service itself: whether it is well, and what it says of itself."""

from typing import Any

from tokencast.client.resources.resource import Resource
from tokencast.client.shapes.service import Health, ProblemKind, Readiness


class Service(Resource):
    def health(self) -> Health:
        return self._connection.get("/healthz", Health)

    def readiness(self) -> Readiness:
        """Raises Refused, after some attempts, while the service is not ready."""
        return self._connection.get("/readyz", Readiness)

    def problem(self, type_: str) -> ProblemKind:
        """What the `type` of a problem means."""
        return self._connection.get(f"/problems/{type_.rpartition('/')[2]}", ProblemKind)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of this very service."""
        return self._connection.get("/schema/openapi.json", dict[str, Any])
