"""The size of the model that a fleet serves, as far as anybody knows it."""

from forecasts.catalog.models import find_served_model
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.model.target import TargetModel


def served_target(fleet: Fleet) -> TargetModel | None:
    """By the plan, or else by the catalogue; None where neither says."""
    if fleet.model_size is not None:
        return fleet.model_size
    known = find_served_model(fleet.serves)
    if known is None or known.active_params_b is None or known.total_params_b is None:
        return None
    return TargetModel(active_params_b=known.active_params_b, total_params_b=known.total_params_b)
