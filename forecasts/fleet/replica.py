"""How many nodes one copy of the served model takes, and whether a fleet has them."""

import math
from dataclasses import dataclass

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.models import find_served_model, load_models
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.scaling.terms import Fixed
from forecasts.workload import Demand


@dataclass(frozen=True, kw_only=True)
class ReplicaSize:
    """Memory in 1e9 bytes: of the weights, of one node, and of the node's running requests (their keys and values)."""

    nodes: int
    weights_gb: float
    kv_gb_per_node: float
    node_gb: float


def replica_of(fleet: Fleet, demands: list[Demand]) -> ReplicaSize:
    """The fewest nodes whose memory holds the weights once, beside each node's own running requests.

    A running request is taken to hold all of its input and output, at the largest mean of `demands`. Where the weights
    or the accelerator are unknown, a replica is one node.
    """
    node_gb = _memory_gb(fleet) * fleet.gpus_per_node
    weights_gb = _weights_gb(fleet)
    kv_gb = _kv_gb_per_node(fleet, demands)
    # Requests that alone would fill a node contradict the stated concurrency, not the size of the replica.
    room_gb = node_gb - kv_gb if kv_gb < node_gb else node_gb
    nodes = math.ceil(weights_gb / room_gb - 1e-9) if room_gb > 0.0 else 1
    return ReplicaSize(nodes=max(1, nodes), weights_gb=weights_gb, kv_gb_per_node=kv_gb, node_gb=node_gb)


def model_fit_problem(fleet: Fleet, demands: list[Demand]) -> str | None:
    """Says so when the nodes of a fixed fleet cannot hold the model, or a node its requests; None where all fits."""
    replica = replica_of(fleet, demands)
    node = f"a node of {fleet.gpus_per_node} x {_memory_gb(fleet):.0f} GB {fleet.accelerator}"
    if replica.kv_gb_per_node >= replica.node_gb > 0.0:
        return (
            f"{fleet.throughput.concurrency_per_node:g} running requests take {replica.kv_gb_per_node:.0f} GB of "
            f"{node}, which has {replica.node_gb:.0f} GB, so the stated throughput needs checking"
        )
    if not isinstance(fleet.scaling, Fixed) or fleet.nodes == 0 or fleet.nodes >= replica.nodes:
        return None
    beside = f" and its requests take {replica.kv_gb_per_node:.0f} GB" if replica.kv_gb_per_node else ""
    takes = f"; it takes {replica.nodes} nodes" if fleet.nodes > 1 else ""
    return (
        f"{fleet.serves} has weights of about {replica.weights_gb:.0f} GB; {node} has {replica.node_gb:.0f} GB"
        f"{beside}{takes}, so the stated throughput needs checking"
    )


def _memory_gb(fleet: Fleet) -> float:
    """Of one accelerator; 0 where it is unknown."""
    named = (accelerator.memory_gb for accelerator in load_accelerators() if accelerator.name == fleet.accelerator)
    return next(named, 0.0)


def _weights_gb(fleet: Fleet) -> float:
    """0 where no one knows."""
    if fleet.replica.weights_gb is not None:
        return fleet.replica.weights_gb
    sizes = (model.weight_bytes_gb for model in load_models() if model.model == fleet.serves and model.weight_bytes_gb)
    return next(sizes, 0.0)


def _kv_gb_per_node(fleet: Fleet, demands: list[Demand]) -> float:
    """0 where the bytes per token or the concurrency are unknown."""
    per_token = fleet.replica.kv_bytes_per_token
    if per_token is None:
        model = find_served_model(fleet.serves)
        per_token = None if model is None else model.kv_bytes_per_token
    concurrency = fleet.throughput.concurrency_per_node
    if per_token is None or concurrency is None:
        return 0.0
    context = max((demand.input_tokens_per_request + demand.output_tokens for demand in demands), default=0.0)
    return concurrency * context * per_token / 1e9
