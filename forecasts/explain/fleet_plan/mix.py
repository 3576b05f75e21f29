"""A mix of nodes for a fleet: its policy, its whole numbers of nodes, and the fleet that has them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from forecasts.fleet.costs.terms import Commitment, Committed, Leased, Owned
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.scaling.terms import Fixed, Hourly, Monthly, Scaling

Policy = Literal["fixed", "monthly", "hourly"]
POLICIES: tuple[Policy, ...] = ("fixed", "monthly", "hourly")


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Serving nodes between `least` and `most` (None: as many as asked for), and the nodes of each commitment.

    Under `fixed` both bounds are the fleet's nodes. What demand exceeds them by overflows or goes unserved.
    """

    policy: Policy
    least: int
    most: int | None
    committed: tuple[int, ...] = ()


def mix_of(fleet: Fleet) -> Mix:
    committed = tuple(layer.nodes for layer in _commitments(fleet))
    match fleet.scaling:
        case Fixed():
            return Mix(policy="fixed", least=fleet.nodes, most=fleet.nodes, committed=committed)
        case Monthly(min_nodes=least, max_nodes=most):
            return Mix(policy="monthly", least=least, most=most, committed=committed)
        case Hourly(min_nodes=least, max_nodes=most):
            return Mix(policy="hourly", least=least, most=most, committed=committed)


def fleet_with(fleet: Fleet, mix: Mix) -> Fleet:
    """The fleet with a mix in place of its own; the upfront amount of a commitment goes with its nodes."""
    cost = fleet.cost
    if isinstance(cost, Committed):
        layers = zip(cost.commitments, mix.committed, strict=True)
        cost = replace(cost, commitments=tuple(_with_nodes(layer, nodes) for layer, nodes in layers))
    nodes = mix.least if mix.policy == "fixed" else fleet.nodes
    return replace(fleet, cost=cost, nodes=nodes, scaling=_scaling(fleet.scaling, mix))


def allowed_policies(fleet: Fleet) -> tuple[Policy, ...]:
    """Nodes that are bought or leased keep the policy they have: they cannot be given back."""
    return (mix_of(fleet).policy,) if isinstance(fleet.cost, (Owned, Leased)) else POLICIES


def free_layers(fleet: Fleet, as_of: date) -> tuple[bool, ...]:
    """Of each commitment, whether its nodes can still be chosen: what has begun, or has no node to go by, is kept."""
    return tuple(layer.starts > as_of and layer.nodes > 0 for layer in _commitments(fleet))


def nodes_are_free(fleet: Fleet, as_of: date) -> bool:
    """Whether the number of bought or leased nodes can still be chosen; that of hired ones always can."""
    cost = fleet.cost
    if isinstance(cost, Leased):
        return cost.starts > as_of
    if isinstance(cost, Owned):
        return all(tranche.nodes is None and tranche.purchased > as_of for tranche in cost.tranches)
    return True


def _commitments(fleet: Fleet) -> tuple[Commitment, ...]:
    return fleet.cost.commitments if isinstance(fleet.cost, Committed) else ()


def _with_nodes(layer: Commitment, nodes: int) -> Commitment:
    if nodes == layer.nodes:
        return layer
    return replace(layer, nodes=nodes, upfront=layer.upfront * Decimal(nodes) / Decimal(layer.nodes))


def _scaling(given: Scaling, mix: Mix) -> Scaling:
    if mix.policy == "fixed":
        return Fixed()
    if mix.policy == "hourly":
        return Hourly(min_nodes=mix.least, max_nodes=mix.most)
    orders = given if isinstance(given, Monthly) else Monthly()
    return replace(orders, min_nodes=mix.least, max_nodes=mix.most)
