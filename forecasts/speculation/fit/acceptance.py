"""First-position acceptance by method and task, from every measured acceptance that is not of a tree."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.backtest.scores import balanced_weights, weighted_quantile
from forecasts.catalog.acceptance import CREATIVE_OF_ALL_METHODS
from forecasts.catalog.decoders import Range, load_decoders
from forecasts.catalog.measurements import SpeculationMeasurement
from forecasts.speculation.fit.methods import METHODS, task_of
from forecasts.speculation.fit.rows import TextArray, acceptance_length_of
from forecasts.speculation.model.acceptance import acceptance_from_length
from forecasts.speculation.model.drafting import DraftKind
from forecasts.timeline import FloatArray

ANY_TASK = "other"
CREATIVE = "creative"
BY_TASK, BY_METHOD, BY_CREATIVE, BY_PRESET = "method and task", "method", CREATIVE_OF_ALL_METHODS, "preset"

# A probability is moved towards the preset's own by its logit, as if the preset were one more source.
_PRESET_SOURCES = 1.0
_LEAST, _MOST = 0.02, 0.985


@dataclass(frozen=True, kw_only=True, eq=False)
class AcceptancePoints:
    """Measured first-position acceptances with what they are of, all of shape `[points]`."""

    source: TextArray
    family: TextArray
    task: TextArray
    first: FloatArray

    def without(self, source: str) -> "AcceptancePoints":
        kept = self.source != source
        return AcceptancePoints(
            source=self.source[kept], family=self.family[kept], task=self.task[kept], first=self.first[kept]
        )


@dataclass(frozen=True, kw_only=True)
class AcceptanceEstimate:
    """P10, median and P90 over sources, and how many rows and sources they are of; `basis` says which ones."""

    acceptance: Range
    rows: int
    basis: str
    source_ids: tuple[str, ...] = ()

    @property
    def sources(self) -> int:
        return len(self.source_ids)


def acceptance_points(measurements: Iterable[SpeculationMeasurement]) -> AcceptancePoints:
    """Rows of a known method with a stated draft length; the first position by the method's own decay."""
    usable = [
        row
        for row in measurements
        if row.method in METHODS
        and row.draft_tokens is not None
        and row.drafting != "tree"
        and (row.acceptance_length is not None or row.acceptance_rate is not None)
    ]
    return AcceptancePoints(
        source=np.array([row.source_id for row in usable], dtype=np.str_),
        family=np.array([METHODS[row.method].family for row in usable], dtype=np.str_),
        task=np.array([task_of(row.task) for row in usable], dtype=np.str_),
        first=np.array([_first(row) for row in usable], dtype=np.float64),
    )


def preset_range(preset: str) -> Range:
    """The preset's own range of first-position acceptance; raises KeyError where it has none."""
    for row in load_decoders():
        if row.preset == preset and row.first_acceptance is not None:
            return row.first_acceptance
    raise KeyError(preset)


def estimate_acceptance(points: AcceptancePoints, *, family: str, preset: str, task: str) -> AcceptanceEstimate:
    """By method and task; for any task by method; for creative work by what all methods show; else the preset's own.

    Sources weigh the same, and the preset's own range counts as one source more.
    """
    own = preset_range(preset)
    of_family = points.family == family
    candidates = [(BY_TASK, of_family & (points.task == task))] if task != ANY_TASK else [(BY_METHOD, of_family)]
    if task == CREATIVE and _drafts(family):
        candidates.append((BY_CREATIVE, (points.task == CREATIVE)))
    for basis, chosen in candidates:
        if chosen.any():
            return _estimate(points, chosen, own, basis)
    return AcceptanceEstimate(acceptance=own, rows=0, basis=BY_PRESET)


def _drafts(family: str) -> bool:
    """Whether the family makes its drafts up; a lookup finds them in the text, which creative work does not repeat."""
    return all(method.kind is not DraftKind.NGRAM for method in METHODS.values() if method.family == family)


def _estimate(points: AcceptancePoints, chosen: npt.NDArray[np.bool_], own: Range, basis: str) -> AcceptanceEstimate:
    sources = points.source[chosen]
    weights = balanced_weights(sources)
    logits = _logit(points.first[chosen])
    count = len(np.unique(sources))

    def shrunk(level: float, towards: float) -> float:
        measured = weighted_quantile(logits, weights, level)
        mixed = (count * measured + _PRESET_SOURCES * float(_logit(towards))) / (count + _PRESET_SOURCES)
        return float(1.0 / (1.0 + np.exp(-mixed)))

    return AcceptanceEstimate(
        acceptance=Range(low=shrunk(0.1, own.low), mode=shrunk(0.5, own.mode), high=shrunk(0.9, own.high)),
        rows=int(chosen.sum()),
        basis=basis,
        source_ids=tuple(np.unique(sources).tolist()),
    )


def _first(row: SpeculationMeasurement) -> float:
    depth = row.draft_tokens or 1
    length = min(acceptance_length_of(row, depth), depth + 1.0)
    return float(acceptance_from_length(length, METHODS[row.method].rho, depth).first)


def _logit(probability: npt.ArrayLike) -> FloatArray:
    """Kept off 0 and 1, where a measured acceptance is the end of its scale."""
    kept = np.clip(np.asarray(probability, dtype=np.float64), _LEAST, _MOST)
    logits: FloatArray = np.log(kept / (1.0 - kept))
    return logits
