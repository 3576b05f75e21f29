"""The size of a served model, on the wire: needed where the catalogue does not know it."""

from forecasts.errors import Findings
from forecasts.speculation.model.target import TargetModel
from service.schemas import meaning
from service.schemas.wire import Wire

MAX_PARAMS_B = 100_000.0


class ModelSizeIn(Wire, kw_only=True, frozen=True):
    """Parameters in billions: all, and those that one token uses (the same for a dense model)."""

    total_params_b: float
    active_params_b: float | None = None
    wide_expert_parallel: bool = False

    def to_target(self, findings: Findings, at: str) -> TargetModel | None:
        before = len(findings.problems)
        total = meaning.bounded(
            findings, f"{at}/total_params_b", self.total_params_b, 0.0, MAX_PARAMS_B, above_low=True
        )
        active = total
        if self.active_params_b is not None:
            active = meaning.bounded(
                findings, f"{at}/active_params_b", self.active_params_b, 0.0, total, above_low=True
            )
        if len(findings.problems) > before:
            return None
        return TargetModel(active_params_b=active, total_params_b=total, experts_saturated=self.wide_expert_parallel)
