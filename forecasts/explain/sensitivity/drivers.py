"""What is uncertain in a plan, as a reader names it: each driver is one or more random factors."""

from dataclasses import dataclass
from typing import Literal

DriverKind = Literal["growth", "noise", "price", "migration", "decoder", "other"]

ALL_WORKLOADS = "all workloads"
OTHER_WORKLOADS = "other workloads"

_KINDS: dict[str, DriverKind] = {
    "demand growth": "growth",
    "demand noise": "noise",
    "price cut date": "price",
    "price cut occurs": "price",
    "price cut size": "price",
    "provider speedup": "price",
    "price pass-through": "price",
    "price jump": "price",
    "price jump rate": "price",
    "price decay per year": "price",
    "price haircut size": "price",
    "migration": "migration",
    "uplift error": "decoder",
    "acceptance": "decoder",
    "speedup": "decoder",
}


@dataclass(frozen=True, kw_only=True, order=True)
class Driver:
    """`name` is a workload, a provider, a model or a preset; `ALL_WORKLOADS` is what workloads have in common."""

    kind: DriverKind
    name: str


def driver_of(factor: str) -> Driver:
    """By the name of a random factor; one that has no kind yet is a driver of its own under its own name."""
    what, _, whose = factor.partition(":")
    if what not in _KINDS:
        return Driver(kind="other", name=factor)
    return Driver(kind=_KINDS[what], name=whose or ALL_WORKLOADS)
