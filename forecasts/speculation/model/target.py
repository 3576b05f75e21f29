"""The model that is served: what its size says about the time of a step."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class TargetModel:
    """Parameters in billions: those that one token uses, and all. A dense model uses all of them.

    `experts_saturated` is for wide expert-parallel serving, where every expert is read in every step at any load.
    """

    active_params_b: float
    total_params_b: float
    experts_saturated: bool = False

    # A model whose active parameters are all but a hundredth of the total has no experts to speak of.
    DENSE_RATIO: ClassVar[float] = 1.01

    def __post_init__(self) -> None:
        if not 0.0 < self.active_params_b <= self.total_params_b:
            raise ValueError("a model has active parameters, and at least as many in total")

    @property
    def expert_ratio(self) -> float:
        """Total over active parameters; 1 for a dense model."""
        return self.total_params_b / self.active_params_b

    @property
    def is_moe(self) -> bool:
        return self.expert_ratio > self.DENSE_RATIO
