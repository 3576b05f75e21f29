"""The memory that one copy of a fleet's model takes, on the wire."""

from forecasts.errors import Findings
from forecasts.fleet.fleet import Replica
from service.schemas import meaning
from service.schemas.wire import Wire


class ReplicaIn(Wire, kw_only=True, frozen=True):
    """Sizes that the catalogue does not know, or knows for another precision; absent ones are the catalogue's."""

    weights_gb: float | None = None
    kv_bytes_per_token: float | None = None

    def to_replica(self, findings: Findings, at: str) -> Replica:
        for name, high in (("weights_gb", 1e6), ("kv_bytes_per_token", 1e9)):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, 0.0, high)
        return Replica(weights_gb=self.weights_gb, kv_bytes_per_token=self.kv_bytes_per_token)
