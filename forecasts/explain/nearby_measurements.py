"""Published measurements near a fleet's case: of the same method and baseline, on a model of about its size."""

import math

from forecasts.catalog.measurements import SpeculationMeasurement, load_speculation_measurements
from forecasts.explain.uplift import MeasuredSpeedup
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.fit.methods import METHODS
from forecasts.speculation.fit.presets import FAMILIES
from forecasts.speculation.frontier import METHOD
from forecasts.speculation.model.target import TargetModel
from forecasts.speculation.presets import find_preset

MOST_POINTS = 30
# A model counts as of about the same size up to twice or half the active parameters.
_SIZE_RATIO = 2.0
# The paper counts the running requests of one accelerator, everybody else those of one engine.
_PER_GPU_SOURCES = frozenset({"dspark-paper-prod"})


def measured_nearby(fleet: Fleet, target: TargetModel | None, most_requests: float) -> tuple[MeasuredSpeedup, ...]:
    """At most 30 packaged points on datacentre hardware, of chains, at up to `most_requests` on a node.

    The nearest in size and draft length come first where there are more; the answer is by concurrency. Empty for a
    preset without a method in the evidence, and where the served model's size is not known.
    """
    preset = find_preset(fleet.decoder.preset)
    family = METHOD if preset.frontier_model is not None else FAMILIES.get(preset.preset)
    if family is None or target is None:
        return ()
    depth = fleet.decoder.num_speculative_tokens or preset.num_speculative_tokens or 1
    found = []
    for row in load_speculation_measurements():
        distance = _distance(row, family, fleet.throughput.measured_with, target, depth)
        if distance is None or row.requests is None or row.speedup is None:
            continue
        engines = fleet.gpus_per_node if row.source_id in _PER_GPU_SOURCES else fleet.throughput.engines_per_node
        concurrency = row.requests * engines
        if concurrency <= most_requests:
            source = f"{row.source_id}: {row.target_model} on {row.hardware}"
            point = MeasuredSpeedup(concurrency=concurrency, speedup=row.speedup, source=source, used=False)
            found.append((distance, point))
    nearest = sorted(found, key=lambda one: (one[0], one[1].source, one[1].concurrency, one[1].speedup))[:MOST_POINTS]
    return tuple(sorted((point for _, point in nearest), key=lambda point: (point.concurrency, point.speedup)))


def _distance(row: SpeculationMeasurement, family: str, over: str, target: TargetModel, depth: int) -> float | None:
    """How far a measurement is from the case in the logarithms of size and draft length; None where it is another."""
    method = METHODS.get(row.method)
    if method is None or method.family != family or row.baseline != over:
        return None
    if row.hw_class != "datacenter" or row.drafting == "tree" or row.metric == "acceptance_only":
        return None
    if row.active_params_b is None or row.total_params_b is None:
        return None
    of_row = TargetModel(active_params_b=row.active_params_b, total_params_b=row.total_params_b)
    size = abs(math.log(row.active_params_b / target.active_params_b))
    if of_row.is_moe != target.is_moe or size > math.log(_SIZE_RATIO) + 1e-9:
        return None
    return size + abs(math.log((row.draft_tokens or depth) / depth))
