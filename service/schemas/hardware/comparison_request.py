"""A request to compare hardware for one workload: of a plan that is sent along, or stored under a name."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.benchmarks import load_benchmarks
from forecasts.errors import Findings
from forecasts.hardware.comparison import COMPARED, ComparisonTerms, measured_models
from forecasts.hardware.rates import ON_DEMAND, TIERS, providers_known
from forecasts.hardware.resolve import BenchmarkChoice
from service.schemas.plan.plan import PlanIn
from service.schemas.wire import Label, Name, Wire


class ComparisonChoiceIn(Wire, kw_only=True, frozen=True):
    """What to compare and at whose rates; every key has a default. Null is any of what was measured.

    `model` names the benchmarks to use where they are not of the model that serves the workload.
    """

    as_of: str | None = None
    tier: Label = ON_DEMAND
    provider: Label | None = None
    accelerators: Annotated[list[Label], msgspec.Meta(min_length=1, max_length=100)] | None = None
    model: Label | None = None
    engine: Label | None = None
    precision: Label | None = None
    spec_decode: Label | None = None
    serving: Literal["aggregated", "disaggregated"] | None = None

    def to_terms(self, findings: Findings, at: str, *, served_model: str, as_of: date) -> ComparisonTerms:
        """The domain value; records in `findings` names that nothing bears."""
        known: dict[str, tuple[str, ...]] = {
            "tier": TIERS,
            "provider": providers_known(),
            "model": measured_models(),
            **{name: _measured(name) for name in ("engine", "precision", "spec_decode")},
        }
        for name, values in known.items():
            given: str | None = getattr(self, name)
            if given is not None and (given.lower() if name == "provider" else given) not in values:
                findings.add(f"{at}/{name}", _unknown(given, values))
        accelerators = tuple(accelerator.name for accelerator in load_accelerators())
        chosen = list(COMPARED) if self.accelerators is None else self.accelerators
        for index, name in enumerate(chosen):
            if name not in accelerators:
                findings.add(f"{at}/accelerators/{index}", _unknown(name, accelerators))
            elif name in chosen[:index]:
                findings.add(f"{at}/accelerators/{index}", f"{name!r} is named twice")
        return ComparisonTerms(
            choice=BenchmarkChoice(
                model=self.model or served_model,
                engine=self.engine,
                precision=self.precision,
                spec_decode=self.spec_decode,
                serving=self.serving,
            ),
            as_of=as_of,
            tier=self.tier,
            provider=self.provider,
            accelerators=tuple(chosen),
        )


class ComparisonIn(ComparisonChoiceIn, kw_only=True, frozen=True):
    """`workload` is one of the `plan`'s, or of the workspace where no plan is sent."""

    workload: Name
    plan: PlanIn | None = None


def _measured(name: str) -> tuple[str, ...]:
    return tuple(sorted({getattr(row, name) for row in load_benchmarks()}))


def _unknown(given: str, known: tuple[str, ...]) -> str:
    listed = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
    return f"{given!r} is unknown; there are {listed}"
