"""Whether a node can hold the model that it is said to serve."""

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.models import load_models
from forecasts.fleet.fleet import Fleet


def model_fit_problem(fleet: Fleet) -> str | None:
    """Says so when the weights alone exceed a node's accelerator memory, or when their size is not known."""
    memory_gb = next(
        (accelerator.memory_gb for accelerator in load_accelerators() if accelerator.name == fleet.accelerator), None
    )
    weights_gb = next(
        (model.weight_bytes_gb for model in load_models() if model.model == fleet.serves and model.weight_bytes_gb),
        None,
    )
    if memory_gb is None or weights_gb is None:
        return None
    node_gb = memory_gb * fleet.gpus_per_node
    if weights_gb <= node_gb:
        return None
    return (
        f"{fleet.serves} has weights of about {weights_gb:.0f} GB; a node of {fleet.gpus_per_node} x "
        f"{memory_gb:.0f} GB {fleet.accelerator} has {node_gb:.0f} GB, so the stated throughput needs checking"
    )
