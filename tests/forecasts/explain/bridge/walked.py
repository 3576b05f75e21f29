"""Bridges between small estates, read as totals of their parts."""

from collections.abc import Mapping
from typing import Any

from forecasts.explain.bridge.bridge import Bridge, BridgeSide, bridge
from tests.forecasts.estates import read


def walked(before: Mapping[str, Any], after: Mapping[str, Any]) -> Bridge:
    return bridge(BridgeSide(plan=read(before)), BridgeSide(plan=read(after)))


def parts_of(found: Bridge, basis: str = "effective") -> dict[str, float]:
    """The parts that are anything, in the currency."""
    totals = {name: found.total(cells, basis) / 10**found.digits for name, cells in found.parts.items()}
    return {name: total for name, total in totals.items() if total}
