"""The policies by which a fleet's nodes follow its demand, as declared."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """The declared nodes, whatever the demand."""


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """Nodes set for whole months, from the demand known `lead_time_months` before each.

    Nodes are given back only where even a need higher by `hysteresis_fraction` would leave them idle.
    """

    min_nodes: int = 0
    max_nodes: int | None = None
    lead_time_months: int = 1
    hysteresis_fraction: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Hourly:
    """Nodes that follow every hour of the week, paid for by the hour they are kept."""

    min_nodes: int = 0
    max_nodes: int | None = None


Scaling = Fixed | Monthly | Hourly
