"""What a fleet's decoder changes: its saving as the difference of two runs on the same draws, and why there is none."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.budget import DecoderSaving
from forecasts.budgeting.tally import Distribution, Spread, distribution, spread
from forecasts.explain.missed_uplift import NodeHours, missed_by_workload
from forecasts.explain.payback import Payback, payback_of
from forecasts.explain.savings import (
    DecoderVerdict,
    Reason,
    ReasonCode,
    probability_of_saving,
    shared_by_cause,
    verdict_of,
)
from forecasts.fleet.capacity import work_per_request
from forecasts.fleet.costs.one_offs import TRAINING_UNIT
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation
from forecasts.fleet.report import mean_effective
from forecasts.money import to_minor
from forecasts.prices.usage import UsagePricing
from forecasts.speculation.decoder import NONE
from forecasts.speculation.gains.chain import is_constant
from forecasts.speculation.speedup import FleetSpeedup, mix_of
from forecasts.timeline import FloatArray, Timeline

# A fleet that uses less than half of what its nodes may be filled to has capacity to spare before any decoder.
_IDLE_BELOW = 0.5


@dataclass(frozen=True, kw_only=True)
class DecoderEffect:
    saving: DecoderSaving
    verdicts: tuple[DecoderVerdict, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoRuns:
    """A fleet under its loads with its decoder and, on the same draws, without."""

    fleet: Fleet
    loads: list[FleetLoad]
    timeline: Timeline
    pricing: UsagePricing
    digits: int
    speedup: FleetSpeedup
    run: FleetOperation
    plain: FleetOperation

    def effect(self) -> DecoderEffect:
        gross = self._cost(self.plain) - self._cost(self.run)
        training = [stream for stream in self.run.streams if self._has_decoder and _is_training(stream)]
        cost = sum((stream.effective for stream in training), np.zeros((self.timeline.months, 1)))
        saving: FloatArray = np.sum(gross - cost, axis=0)
        probability = probability_of_saving(saving)
        reasons = self._reasons_of_fleet() if self._has_decoder and verdict_of(probability) != "pays" else []
        payback: Payback | None = None
        if training:
            hours = float(sum(stream.quantity.sum() for stream in training))
            payback = payback_of(cost, hours, gross, self.timeline)
        return DecoderEffect(
            saving=DecoderSaving(
                preset=self.fleet.decoder.preset,
                measured_with=self.fleet.throughput.measured_with,
                speedup_over=self.fleet.decoder.speedup_over,
                basis=self._basis,
                gains=self._gains(),
                saving=self._money(saving),
                probability_of_saving=probability,
                reasons=tuple(reason.code for reason in reasons),
                payback=payback,
                points=() if self.speedup.gain is None else self.speedup.gain.points,
            ),
            verdicts=self._verdicts(saving, reasons) if self._has_decoder else (),
        )

    @property
    def _has_decoder(self) -> bool:
        return self.fleet.decoder.preset != NONE

    def _money(self, paths: FloatArray) -> Distribution:
        return distribution(int(to_minor(paths.mean(), self.digits)), paths, self.digits)

    def _cost(self, run: FleetOperation) -> FloatArray:
        """Effective cost of the fleet and of its overflow, shape `[months, draws]`."""
        total = np.zeros(run.utilization.shape)
        for stream in run.streams:
            total += stream.effective
        if self.fleet.overflow_to is not None:
            for load, served in zip(self.loads, run.served, strict=True):
                lost = run.not_served(load, served)
                if lost is not None:
                    total += self.pricing.price(load.workload.demand, self.fleet.overflow_to, lost).paths
        return total

    @property
    def _basis(self) -> str | None:
        """The basis of the gain in use; a gain without a curve is the same on all and bears its preset's name."""
        has_curve = bool(self.speedup.gains) and not is_constant(self.fleet.decoder.preset)
        return self.speedup.basis if has_curve or self.speedup.basis is None else self.fleet.decoder.preset

    def _gains(self) -> dict[str, Spread]:
        """On each basis, of the mix of the whole horizon."""
        if not self.loads:
            return {}
        tokens = [load.output_tokens.sum(axis=0) for load in self.loads]
        shape = self.run.utilization.shape[1:]
        mixed: dict[str, Spread] = {
            basis: spread(np.nan_to_num(mix_of(tokens, gains, shape), nan=1.0))
            for basis, gains in self.speedup.gains.items()
        }
        if self._basis is None or self._basis == self.speedup.basis:
            return mixed
        return {self._basis: mixed["equal_concurrency"]}

    def _verdicts(self, saving: FloatArray, of_fleet: list[Reason]) -> tuple[DecoderVerdict, ...]:
        """A workload pays on a path where the fleet saves and the workload gives node-hours back."""
        given_back = [self._node_hours_given_back(index) for index in range(len(self.loads))]
        verdicts = []
        for index, (load, own) in enumerate(zip(self.loads, shared_by_cause(saving, given_back), strict=True)):
            probability = probability_of_saving(own)
            verdict = verdict_of(probability)
            reasons = of_fleet + self._reasons_of_workload(load) if verdict != "pays" else []
            verdicts.append(
                DecoderVerdict(
                    fleet=self.fleet.name,
                    workload=load.workload.name,
                    verdict=verdict,
                    probability_of_saving=probability,
                    saving=self._money(own),
                    speedup=spread(self._speedup_of(index)),
                    reasons=tuple(reasons),
                )
            )
        return tuple(verdicts)

    def _speedup_of(self, index: int) -> FloatArray:
        """On the basis in use while the decoder runs, shape `[draws]`."""
        if self.speedup.basis is None:
            return np.ones(self.run.utilization.shape[1])
        return self.speedup.gains[self.speedup.basis][index]

    def _node_hours_given_back(self, index: int) -> FloatArray:
        """Of the horizon, shape `[draws]`; negative where the decoder slows the workload down."""
        work = work_per_request(self.loads[index].workload.demand, self.fleet).output_node_hours
        hours = self.loads[index].requests * work * (1.0 - 1.0 / self.speedup.by_load[index])
        given: FloatArray = hours.sum(axis=0)
        return given

    def _reasons_of_fleet(self) -> list[Reason]:
        """Why a fleet that keeps its nodes saves nothing, each with the size of what is missed."""
        if not self.run.nodes.paid_hours.any():
            return []
        reasons = []
        if self.fleet.decoder.preset != self.fleet.throughput.measured_with:
            gained = float((self.run.capacity_tokens - self.plain.capacity_tokens).mean(axis=1).sum())
            # Where it loses capacity nothing is missed, and the workloads' own reasons say why.
            gained = max(gained, 0.0)
            reasons.append(self._sized("no_node_removed", gained))
            if self.loads and self._used_without_decoder < _IDLE_BELOW and gained > 0.0:
                reasons.append(self._sized("idle_capacity", gained))
        if self.fleet.throughput.measured_with != NONE:
            reasons.append(self._sized("already_accelerated", self._tokens_of_measured_decoder()))
        return reasons

    @property
    def _used_without_decoder(self) -> float:
        """Of the hours that the nodes may be filled, the fraction in use without the decoder."""
        fillable = self.fleet.target_utilization_fraction / self.fleet.burst_factor
        return float(self.plain.utilization.mean()) / fillable

    def _tokens_of_measured_decoder(self) -> float:
        """What of the fleet's capacity without its decoder is due to the one that its throughput was measured with."""
        capacity = float(self.plain.capacity_tokens.mean(axis=1).sum())
        offered = [float(load.output_tokens.mean(axis=1).sum()) for load in self.loads]
        if self.speedup.gain is None or not sum(offered):
            return 0.0
        slower = sum(
            tokens / self.speedup.gain.measured_speedup(load.workload)
            for tokens, load in zip(offered, self.loads, strict=True)
        )
        return capacity * (1.0 - slower / sum(offered))

    def _sized(self, code: ReasonCode, tokens: float) -> Reason:
        """With what so many tokens cost at full load."""
        return Reason(code=code, money=tokens * self._money_per_token(), tokens=tokens)

    def _money_per_token(self) -> float:
        """The fleet's cost over what it could put out at full load."""
        cost = float(mean_effective(self.run.streams).sum())
        capacity = float(self.run.capacity_tokens.mean(axis=1).sum())
        return cost / capacity if capacity > 0.0 else 0.0

    def _reasons_of_workload(self, load: FleetLoad) -> list[Reason]:
        if self.speedup.gain is None or self.speedup.basis is None:
            return []
        work = work_per_request(load.workload.demand, self.fleet)
        each = work.input_node_hours + work.output_node_hours
        if each <= 0.0:
            return []
        running = np.broadcast_to(self.speedup.running, (self.timeline.months, 1))
        paid = float((self.run.nodes.paid_hours * running).mean(axis=1).sum())
        hours = NodeHours(
            offered=float((load.requests * running).mean(axis=1).sum()) * each,
            money_each=float(mean_effective(self.run.streams).sum()) / paid if paid > 0.0 else 0.0,
            tokens_each=load.workload.demand.output_tokens / each,
        )
        return missed_by_workload(self.fleet, load.workload, self.speedup.gain, self.speedup.basis, hours)


def _is_training(stream: CostStream) -> bool:
    """A one-off that is counted in GPU-hours is the training of a draft module."""
    return stream.kind == "one_off" and stream.unit == TRAINING_UNIT
