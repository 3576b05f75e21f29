"""Which property of a workload keeps a decoder from its gain: what it would gain if that alone were different."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from forecasts.explain.savings import Reason, ReasonCode
from forecasts.fleet.capacity import work_per_request
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import ORDINARY, WorkloadConditions
from forecasts.speculation.gains.over_measured import GainOverMeasured
from forecasts.speculation.model.requests import whole_request_speedup
from forecasts.timeline import FloatArray
from forecasts.workload import Workload

# A property is named where it costs at least this share of the node-hours that would be given back without it.
LEAST_SHARE_MISSED = 1 / 3


@dataclass(frozen=True, kw_only=True)
class NodeHours:
    """What a workload's node-hours before any decoder are worth: their number, and money and output tokens of one."""

    offered: float
    money_each: float
    tokens_each: float


def missed_by_workload(
    fleet: Fleet, workload: Workload, gain: GainOverMeasured, basis: Basis, hours: NodeHours
) -> list[Reason]:
    """Reasons with their sizes, the largest first; docs/model.md, "What a decoder saves".

    None on `matched_throughput`: there the gain is left to users, whatever the workload is like.
    """
    if basis == "matched_throughput":
        return []
    question = _Question(fleet=fleet, workload=workload, gain=gain, basis=basis)
    found = []
    given_back = question.given_back()
    for code, other in question.variations():
        possible = other.given_back()
        missed = possible - given_back
        if possible > 0.0 and missed >= LEAST_SHARE_MISSED * possible:
            size = missed * hours.offered
            found.append(Reason(code=code, money=size * hours.money_each, tokens=size * hours.tokens_each))
    return sorted(found, key=lambda reason: -reason.tokens)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Question:
    """What share of a workload's node-hours a decoder gives back, as it is or with one property changed."""

    fleet: Fleet
    workload: Workload
    gain: GainOverMeasured
    basis: Basis
    conditions: WorkloadConditions | None = None
    output_tokens: float | None = None
    reads_input: bool = True
    alone: bool = False

    def given_back(self) -> float:
        """Mean over the paths of `1 - 1/uplift` of the whole work; negative where the decoder costs node-hours."""
        return float(np.mean(1.0 - 1.0 / self._uplift()))

    def variations(self) -> "Iterator[tuple[ReasonCode, _Question]]":
        asked = WorkloadConditions.of(self.workload)
        usual = replace(asked, lengths=ORDINARY.lengths)
        yield "short_outputs", replace(self, conditions=usual, output_tokens=ORDINARY.lengths.mean)
        yield "low_acceptance", replace(self, conditions=replace(asked, task=ORDINARY.task, hard_to_draft=False))
        yield "prefill_bound", replace(self, conditions=replace(asked, prefill_tokens=0.0), reads_input=False)
        yield "compute_bound", replace(self, alone=True)

    def _uplift(self) -> FloatArray:
        speedup = self._speedup()
        work = work_per_request(self.workload.demand, self.fleet)
        reading = work.input_node_hours if self.reads_input else 0.0
        writing = work.output_node_hours
        if self.output_tokens is not None and self.workload.demand.output_tokens > 0.0:
            writing *= self.output_tokens / self.workload.demand.output_tokens
        if writing == 0.0:
            return np.ones_like(speedup)
        uplift: FloatArray = (reading + writing) / (reading + writing / speedup)
        return uplift

    def _speedup(self) -> FloatArray:
        conditions = self.conditions or WorkloadConditions.of(self.workload)
        if not self.alone:
            return self.gain.at(self.basis, conditions).values
        # A lone request decodes slowly, which would hide its prefill: the share of decoding stays that of the load.
        point = replace(self.gain.point, requests=1.0, requests_per_gpu=0.0)
        decoding = replace(self.gain, point=point, whole_requests=False).at("equal_concurrency", conditions).values
        if not self.gain.whole_requests:
            return decoding
        return whole_request_speedup(decoding, self.gain.decode_share(conditions))
