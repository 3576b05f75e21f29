"""Measurements as arrays that the model can predict, and what keeps the others from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from forecasts.catalog.measurements import SpeculationMeasurement
from forecasts.speculation.fit.methods import METHODS, task_of
from forecasts.speculation.model.acceptance import acceptance_from_length
from forecasts.speculation.model.drafting import DraftKind
from forecasts.timeline import FloatArray

BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.str_]

BASELINES = ("none", "mtp-1")
# Stand-ins where a row does not say how long its requests are; they only move the reading of the context.
_INPUT_TOKENS, _OUTPUT_TOKENS = 500.0, 400.0


@dataclass(frozen=True, kw_only=True, eq=False)
class EvidenceRows:
    """Measured speedups, all arrays of shape `[rows]`; `first` and `length` are NaN where no acceptance was measured.

    `series` names one deployment: source, model, hardware, engine and method. `prefill_tokens` is 0 where the metric
    leaves prefill out.
    """

    source: TextArray
    series: TextArray
    method: TextArray
    family: TextArray
    preset: TextArray
    task: TextArray
    kind: TextArray
    datacentre: BoolArray
    over_mtp: BoolArray
    adaptive: BoolArray
    tree: BoolArray
    requests: FloatArray
    active_params_b: FloatArray
    total_params_b: FloatArray
    depth: FloatArray
    rho: FloatArray
    first: FloatArray
    length: FloatArray
    context_tokens: FloatArray
    output_tokens: FloatArray
    prefill_tokens: FloatArray
    speedup: FloatArray

    @property
    def count(self) -> int:
        return len(self.speedup)

    @property
    def acceptance_known(self) -> BoolArray:
        return np.isfinite(self.length)

    @property
    def sources(self) -> tuple[str, ...]:
        """In the order in which they come first."""
        return tuple(dict.fromkeys(self.source.tolist()))

    def where(self, chosen: BoolArray) -> "EvidenceRows":
        return EvidenceRows(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def evidence_rows(measurements: Iterable[SpeculationMeasurement]) -> tuple[EvidenceRows, Counter[str]]:
    """The rows that can be predicted, and for the others how many lack what."""
    usable: list[SpeculationMeasurement] = []
    left_out: Counter[str] = Counter()
    for measurement in measurements:
        reason = _lacks(measurement)
        if reason:
            left_out[reason] += 1
        else:
            usable.append(measurement)
    return _arrays(usable), left_out


def acceptance_length_of(measurement: SpeculationMeasurement, depth: int) -> float:
    """With the bonus token; from the rate where only that was measured; NaN where neither was."""
    if measurement.acceptance_length is not None:
        return measurement.acceptance_length
    if measurement.acceptance_rate is not None:
        return 1.0 + depth * measurement.acceptance_rate
    return float("nan")


def depth_of(measurement: SpeculationMeasurement) -> int:
    """The draft length that is stated, or else the preset's; never shorter than the measured length allows."""
    if measurement.draft_tokens is not None:
        return measurement.draft_tokens
    least = int(np.ceil((measurement.acceptance_length or 1.0) - 1.0))
    return max(METHODS[measurement.method].depth, least)


def _lacks(measurement: SpeculationMeasurement) -> str:
    if measurement.speedup is None or measurement.metric == "acceptance_only":
        return "no speedup"
    if measurement.method not in METHODS:
        return f"no preset for the method {measurement.method!r}"
    if measurement.baseline not in BASELINES:
        return f"a baseline of {measurement.baseline!r}"
    if measurement.active_params_b is None or measurement.total_params_b is None:
        return "no size of the model"
    if measurement.requests is None:
        return "no concurrency"
    return ""


def _arrays(usable: Sequence[SpeculationMeasurement]) -> EvidenceRows:
    methods = [METHODS[row.method] for row in usable]
    depths = [depth_of(row) for row in usable]
    inputs = _numbers([row.input_tokens for row in usable])
    outputs = _numbers([row.output_tokens for row in usable])
    outputs = np.where(np.isnan(outputs), _OUTPUT_TOKENS, outputs)
    depth = np.array(depths, dtype=np.float64)
    rho = np.array([method.rho for method in methods], dtype=np.float64)
    length = np.array(
        [acceptance_length_of(row, stated) for row, stated in zip(usable, depths, strict=True)], dtype=np.float64
    )
    whole = np.array([row.metric == "total_throughput" for row in usable], dtype=bool)
    return EvidenceRows(
        source=_texts([row.source_id for row in usable]),
        series=_texts(
            ["|".join((row.source_id, row.target_model, row.hardware, row.engine, row.method)) for row in usable]
        ),
        method=_texts([row.method for row in usable]),
        family=_texts([method.family for method in methods]),
        preset=_texts([method.preset for method in methods]),
        task=_texts([task_of(row.task) for row in usable]),
        kind=_texts([method.kind.value for method in methods]),
        datacentre=np.array([row.hw_class == "datacenter" for row in usable], dtype=bool),
        over_mtp=np.array([row.baseline == "mtp-1" for row in usable], dtype=bool),
        adaptive=np.array([row.drafting == "adaptive" for row in usable], dtype=bool),
        tree=np.array([row.drafting == "tree" for row in usable], dtype=bool),
        requests=_numbers([row.requests for row in usable]),
        active_params_b=_numbers([row.active_params_b for row in usable]),
        total_params_b=_numbers([row.total_params_b for row in usable]),
        depth=depth,
        rho=rho,
        first=_first_acceptance(length, rho, depth),
        length=length,
        context_tokens=np.where(np.isnan(inputs), _INPUT_TOKENS, inputs) + outputs / 2.0,
        output_tokens=outputs,
        prefill_tokens=np.where(whole & np.isfinite(inputs), inputs, 0.0),
        speedup=_numbers([row.speedup for row in usable]),
    )


def _first_acceptance(length: FloatArray, rho: FloatArray, depth: FloatArray) -> FloatArray:
    """Of the first draft position, by each row's own decay."""
    first = np.full(len(length), np.nan)
    for stated in np.unique(depth):
        chosen = np.isfinite(length) & (depth == stated)
        first[chosen] = acceptance_from_length(length[chosen], rho[chosen], int(stated)).first
    return first


def _texts(values: Sequence[str]) -> TextArray:
    return np.array(values, dtype=np.str_)


def _numbers(values: Sequence[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def kinds_in(rows: EvidenceRows) -> tuple[DraftKind, ...]:
    return tuple(DraftKind(kind) for kind in dict.fromkeys(rows.kind.tolist()))
