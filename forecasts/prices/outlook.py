"""An assumption about future prices, for the providers and models that it names."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from forecasts.draws import Pert

HOLD = "hold"
SCHEDULED = "scheduled"
PROJECTED_CUT = "projected_cut"


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """`hold` and `scheduled` follow the known rows; `projected_cut` adds one cut per provider in its window."""

    provider: str = "*"
    model: str = "*"
    outlook: str = HOLD
    window: tuple[date, date] | None = None
    probability: float = 1.0
    size: Pert | None = None
    meters: tuple[str, ...] = ("output",)

    def covers(self, provider: str, model: str) -> bool:
        return fnmatchcase(provider, self.provider) and fnmatchcase(model, self.model)
