"""What a decoder changes, on the wire: its saving, the verdict for each workload, the payback of training, waiting."""

import msgspec

from forecasts.budgeting.budget import DecoderSaving
from forecasts.explain.payback import Payback
from forecasts.explain.savings import DecoderVerdict
from forecasts.explain.waiting import WaitingSaved
from forecasts.speculation.measurement import Measurement
from forecasts.timeline import Month
from service.schemas.figures import Figure, Money, figure_of, money_of


class PaybackOut(msgspec.Struct, kw_only=True, frozen=True):
    """When the training of a draft module has earned its cost back; a month of null is not within the horizon."""

    cost: str
    gpu_hours: float
    probability_within_horizon: float
    p10_month: str | None
    p50_month: str | None
    p90_month: str | None

    @classmethod
    def of(cls, payback: Payback, digits: int) -> "PaybackOut":
        return cls(
            cost=f"{payback.cost:.{digits}f}",
            gpu_hours=payback.gpu_hours,
            probability_within_horizon=payback.probability_within_horizon,
            p10_month=_month(payback.p10),
            p50_month=_month(payback.p50),
            p90_month=_month(payback.p90),
        )


def _month(month: Month | None) -> str | None:
    return None if month is None else str(month)


class PointOut(msgspec.Struct, kw_only=True, frozen=True):
    """A measured point that was used."""

    method: str
    concurrency: float
    input_tokens: float
    output_tokens: float
    acceptance_length: float | None
    speedup: float | None
    speedup_over: str

    @classmethod
    def of(cls, point: Measurement) -> "PointOut":
        return cls(**{name: getattr(point, name) for name in cls.__struct_fields__})


class DecoderOut(msgspec.Struct, kw_only=True, frozen=True):
    """`gains` say on each basis what the decoder gains while it runs; the budget uses the one of `basis`."""

    preset: str
    measured_with: str
    speedup_over: str
    basis: str | None
    gains: dict[str, Figure]
    saving: Money
    probability_of_saving: float
    reasons: tuple[str, ...]
    payback: PaybackOut | None
    measurements_used: tuple[PointOut, ...]

    @classmethod
    def of(cls, saving: DecoderSaving, digits: int) -> "DecoderOut":
        return cls(
            preset=saving.preset,
            measured_with=saving.measured_with,
            speedup_over=saving.speedup_over,
            basis=saving.basis,
            gains={basis: figure_of(gain) for basis, gain in saving.gains.items()},
            saving=money_of(saving.saving, digits),
            probability_of_saving=saving.probability_of_saving,
            reasons=saving.reasons,
            payback=None if saving.payback is None else PaybackOut.of(saving.payback, digits),
            measurements_used=tuple(PointOut.of(point) for point in saving.points),
        )


class ReasonOut(msgspec.Struct, kw_only=True, frozen=True):
    code: str
    money: str
    tokens: float


class VerdictOut(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a fleet's decoder pays for a workload; `saving` is the workload's part of what the fleet saves."""

    fleet: str
    workload: str
    verdict: str
    probability_of_saving: float
    saving: Money
    speedup: Figure
    reasons: tuple[ReasonOut, ...]

    @classmethod
    def of(cls, verdict: DecoderVerdict, digits: int) -> "VerdictOut":
        return cls(
            fleet=verdict.fleet,
            workload=verdict.workload,
            verdict=verdict.verdict,
            probability_of_saving=verdict.probability_of_saving,
            saving=money_of(verdict.saving, digits),
            speedup=figure_of(verdict.speedup),
            reasons=tuple(
                ReasonOut(code=reason.code, money=f"{reason.money:.{digits}f}", tokens=round(reason.tokens))
                for reason in verdict.reasons
            ),
        )


class WaitingOut(msgspec.Struct, kw_only=True, frozen=True):
    """Hours that people wait and sessions that are open at once, with and without the decoder; in no total."""

    hours_without: Figure
    hours_with: Figure
    hours_saved: Figure
    value: Money
    sessions_without: Figure
    sessions_with: Figure

    @classmethod
    def of(cls, saved: WaitingSaved, digits: int) -> "WaitingOut":
        figures = {name: figure_of(getattr(saved, name)) for name in cls.__struct_fields__ if name != "value"}
        return cls(**figures, value=money_of(saved.value, digits))
