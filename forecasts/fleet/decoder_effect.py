"""What a fleet's decoder changes: its saving as the difference of two runs on the same draws, and why there is none."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.budget import DecoderSaving
from forecasts.budgeting.tally import distribution
from forecasts.explain.savings import DecoderVerdict, Reason, probability_of_saving, verdict_of
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation
from forecasts.fleet.report import mean_effective
from forecasts.money import to_minor
from forecasts.prices.usage import UsagePricing
from forecasts.speculation.decoder import NONE
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True)
class DecoderEffect:
    saving: DecoderSaving
    verdicts: tuple[DecoderVerdict, ...]


def decoder_effect(
    fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, plain: FleetOperation, pricing: UsagePricing, digits: int
) -> DecoderEffect:
    """`plain` is the run on the same draws without the decoder."""
    has_decoder = fleet.decoder.preset != NONE
    saving = np.zeros(run.utilization.shape[1])
    if has_decoder:
        saving = _horizon_cost(fleet, loads, plain, pricing) - _horizon_cost(fleet, loads, run, pricing)
    probability = probability_of_saving(saving)
    verdict = verdict_of(probability)
    reasons = tuple(_reasons_against(fleet, run, plain)) if has_decoder and verdict != "pays" else ()
    return DecoderEffect(
        saving=DecoderSaving(
            preset=fleet.decoder.preset,
            speedup_over=fleet.decoder.speedup_over,
            saving=distribution(int(to_minor(saving.mean(), digits)), saving, digits),
            probability_of_saving=probability,
            reasons=tuple(reason.code for reason in reasons),
        ),
        verdicts=tuple(
            DecoderVerdict(fleet=fleet.name, workload=load.workload.name, verdict=verdict, reasons=reasons)
            for load in loads
            if has_decoder
        ),
    )


def _horizon_cost(fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, pricing: UsagePricing) -> FloatArray:
    """Effective cost of the fleet and of its overflow, shape `[draws]`."""
    total = np.zeros(run.utilization.shape[1])
    for stream in run.streams:
        total += stream.effective.sum(axis=0)
    if fleet.overflow_to is not None:
        for load, served in zip(loads, run.served, strict=True):
            lost = run.not_served(load, served)
            if lost is not None:
                total += pricing.price(load.workload.demand, fleet.overflow_to, lost).paths.sum(axis=0)
    return total


def _reasons_against(fleet: Fleet, run: FleetOperation, without_decoder: FleetOperation) -> list[Reason]:
    """Why a decoder on a fleet that never changes its nodes saves nothing, each with the size of what is missed."""
    gained = float((run.capacity_tokens - without_decoder.capacity_tokens).mean(axis=1).sum())
    cost = float(mean_effective(run.streams).sum())
    capacity = float(run.capacity_tokens.mean(axis=1).sum())
    at_full_load = cost * gained / capacity if capacity > 0.0 else 0.0
    codes = ["no_node_removed"]
    if without_decoder.served and without_decoder.serves_everything and without_decoder.utilization.max() < 1.0 - 1e-9:
        codes.append("idle_capacity")
    return [Reason(code=code, money=at_full_load, tokens=gained) for code in codes] if fleet.nodes else []
