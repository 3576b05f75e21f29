"""How a fleet's nodes follow its demand, on the wire."""

from typing import Literal

from forecasts.errors import Findings
from service.schemas import meaning
from service.schemas.wire import Wire

MAX_NODES = 1_000_000


class ScalingIn(Wire, kw_only=True, frozen=True):
    policy: Literal["fixed", "monthly", "hourly"] = "fixed"
    min_nodes: int | None = None
    max_nodes: int | None = None
    spare_nodes: int = 0
    lead_time_months: int | None = None

    def check(self, findings: Findings, at: str) -> None:
        if self.policy != "fixed":
            findings.add(f"{at}/policy", f"{self.policy!r} is not computed by this version; it computes 'fixed'")
        for name in ("min_nodes", "max_nodes", "lead_time_months"):
            if getattr(self, name) is not None and self.policy == "fixed":
                findings.add(f"{at}/{name}", "has no meaning under the policy 'fixed', which never changes the count")
        meaning.bounded(findings, f"{at}/spare_nodes", self.spare_nodes, 0, MAX_NODES)
