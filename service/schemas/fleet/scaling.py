"""How a fleet's nodes follow its demand, on the wire."""

from typing import Literal

from forecasts.errors import Findings
from forecasts.fleet.scaling.terms import Fixed, Hourly, Monthly, Scaling
from forecasts.timeline import MAX_HORIZON_MONTHS
from service.schemas import meaning
from service.schemas.wire import Wire

MAX_NODES = 1_000_000
DEFAULT_LEAD_TIME_MONTHS = 1

# What each policy takes beside spares; anything else has no meaning under it.
_TAKEN = {
    "fixed": (),
    "monthly": ("min_nodes", "max_nodes", "lead_time_months", "hysteresis_fraction"),
    "hourly": ("min_nodes", "max_nodes"),
}
_WHY_NOT = {
    "fixed": "which never changes the count",
    "hourly": "which follows every hour at once",
}
# Nodes that are bought or leased are there whether an hour needs them or not; more can be bought by the month.
_POLICIES_OF = {"owned": ("fixed", "monthly"), "leased": ("fixed",)}


class ScalingIn(Wire, kw_only=True, frozen=True):
    """`fixed` keeps the fleet's nodes, `monthly` orders them ahead, `hourly` follows the hours of the week."""

    policy: Literal["fixed", "monthly", "hourly"] = "fixed"
    min_nodes: int | None = None
    max_nodes: int | None = None
    spare_nodes: int = 0
    lead_time_months: int | None = None
    hysteresis_fraction: float | None = None

    def to_scaling(self, findings: Findings, at: str, cost_kind: str) -> Scaling:
        """The policy of nodes of a kind of cost; records in `findings` what is wrong, by pointers below `at`."""
        allowed = _POLICIES_OF.get(cost_kind, tuple(_TAKEN))
        if self.policy not in allowed:
            findings.add(
                f"{at}/policy", f"must be {' or '.join(map(repr, allowed))} for {cost_kind} nodes, not {self.policy!r}"
            )
        for name in _TAKEN["monthly"]:
            if getattr(self, name) is not None and name not in _TAKEN[self.policy]:
                findings.add(
                    f"{at}/{name}", f"has no meaning under the policy {self.policy!r}, {_WHY_NOT[self.policy]}"
                )
        meaning.bounded(findings, f"{at}/spare_nodes", self.spare_nodes, 0, MAX_NODES)
        if self.policy == "fixed":
            return Fixed()
        before = len(findings.problems)
        for name in ("min_nodes", "max_nodes"):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, 0, MAX_NODES)
        least, most = self.min_nodes or 0, self.max_nodes
        if len(findings.problems) == before and most is not None and least > most:
            findings.add(f"{at}/min_nodes", f"must be at most max_nodes ({most}), not {least}")
        if self.policy == "hourly":
            return Hourly(min_nodes=least, max_nodes=most)
        lead, hysteresis = self.lead_time_months, self.hysteresis_fraction
        return Monthly(
            min_nodes=least,
            max_nodes=most,
            lead_time_months=DEFAULT_LEAD_TIME_MONTHS
            if lead is None
            else int(meaning.bounded(findings, f"{at}/lead_time_months", lead, 0, MAX_HORIZON_MONTHS)),
            hysteresis_fraction=0.0
            if hysteresis is None
            else meaning.fraction(findings, f"{at}/hysteresis_fraction", hysteresis),
        )
