"""What is measured of a decoder preset, without any fleet: packaged points, a workspace's own, and a paper's curves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np

from forecasts.catalog.decoders import DecoderPreset
from forecasts.catalog.measurements import SpeculationMeasurement, load_speculation_measurements
from forecasts.speculation.decoder import MEASURED
from forecasts.speculation.fit.methods import METHODS
from forecasts.speculation.fit.presets import FAMILIES
from forecasts.speculation.frontier import BASELINE, METHOD, Reading, gain_at_equal_concurrency, gain_at_matched_speed
from forecasts.speculation.measurement import Measurement
from forecasts.timeline import FloatArray

# A draft counts as of the preset's length up to, but not at, twice or half of it.
_LENGTH_RATIO = 2.0
_CURVE_POINTS = 33
# Towards the fastest that the baseline can serve, a ratio at matched speed says where the baseline ends.
_MOST_AT_MATCHED_SPEED = 3.0


@dataclass(frozen=True, kw_only=True)
class PresetPoint:
    """The median speedup over the tasks of one measurement, and the least and the most of them.

    `concurrency` is the requests that ran at once: on one engine, on one GPU of the DSpark paper, on one node of one's
    own. `tokens_per_second_per_user` is with the decoder, where the source tells it.
    """

    concurrency: float
    speedup: float
    lowest: float
    highest: float
    tasks: int
    tokens_per_second_per_user: float | None
    over: str
    num_speculative_tokens: int | None
    case: str
    source: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class PresetCurve:
    """A paper's gain over `over`; `at` is running requests per GPU, or tokens per second of a user."""

    over: str
    at: tuple[float, ...]
    speedup: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class PresetMeasurements:
    """`speedup_range` is the preset's own low, mode and high over `speedup_over`, where it is given as a speedup.

    `by_user_speed` ends where the gain passes 3. `own_without_speedup` counts one's own points of acceptance lengths.
    """

    preset: str
    title: str
    points: tuple[PresetPoint, ...]
    by_concurrency: PresetCurve | None
    by_user_speed: PresetCurve | None
    speedup_range: tuple[float, float, float] | None
    speedup_over: str | None
    own_without_speedup: int


def preset_measurements(preset: DecoderPreset, own: Iterable[Measurement] = ()) -> PresetMeasurements:
    """Packaged points of the preset's method at about its draft length, and those of `own` that are of it.

    Of the preset `measured` that is every one of them.
    """
    mine = [point for point in own if preset.preset in (MEASURED, point.method)]
    model, held = preset.frontier_model, preset.speedup
    return PresetMeasurements(
        preset=preset.preset,
        title=preset.title,
        points=(*_packaged(preset), *(_own(point) for point in mine if point.speedup is not None)),
        by_concurrency=None if model is None else _by_concurrency(model),
        by_user_speed=None if model is None else _by_user_speed(model),
        speedup_range=None if held is None or held.low == held.high else (held.low, held.mode, held.high),
        speedup_over=preset.speedup_over,
        own_without_speedup=sum(point.speedup is None for point in mine),
    )


def _packaged(preset: DecoderPreset) -> list[PresetPoint]:
    rows = defaultdict(list)
    for row in load_speculation_measurements():
        if row.speedup is not None and row.requests is not None and row.metric != "latency" and _is_of(row, preset):
            case = f"{row.target_model} on {row.hardware}, {row.engine}"
            key = (row.requests, row.baseline, row.draft_tokens or 0, case, row.source_id, row.metric)
            rows[key].append(row)
    return [_point(rows[key]) for key in sorted(rows)]


def _is_of(row: SpeculationMeasurement, preset: DecoderPreset) -> bool:
    family = METHOD if preset.frontier_model is not None else FAMILIES.get(preset.preset, preset.preset)
    method = METHODS.get(row.method)
    if (row.method if method is None else method.family) != family:
        return False
    if preset.model_families and not row.target_model.lower().startswith(preset.model_families):
        return False
    if row.draft_tokens is None or not preset.num_speculative_tokens:
        return True
    ratio = row.draft_tokens / preset.num_speculative_tokens
    return 1.0 / _LENGTH_RATIO < ratio < _LENGTH_RATIO


def _point(rows: list[SpeculationMeasurement]) -> PresetPoint:
    first = rows[0]
    speedups = [row.speedup for row in rows if row.speedup is not None]
    speeds = [speed for row in rows if (speed := _user_speed(row)) is not None]
    return PresetPoint(
        concurrency=first.requests or 0.0,
        speedup=median(speedups),
        lowest=min(speedups),
        highest=max(speedups),
        tasks=len({row.task for row in rows}),
        tokens_per_second_per_user=median(speeds) if speeds else None,
        over=first.baseline,
        num_speculative_tokens=first.draft_tokens,
        case=f"{first.target_model} on {first.hardware}, {first.engine}",
        source=first.source_id,
        own=False,
    )


def _user_speed(row: SpeculationMeasurement) -> float | None:
    if row.tokens_per_second is None or row.requests is None:
        return None
    return row.tokens_per_second if row.metric == "per_user_tps" else row.tokens_per_second / row.requests


def _own(point: Measurement) -> PresetPoint:
    speedup = point.speedup or 1.0
    return PresetPoint(
        concurrency=point.concurrency,
        speedup=speedup,
        lowest=speedup,
        highest=speedup,
        tasks=1,
        tokens_per_second_per_user=None,
        over=point.speedup_over,
        num_speculative_tokens=point.num_speculative_tokens,
        case=f"fleet {point.fleet}",
        source=point.source or "measured by you",
        own=True,
    )


def _by_concurrency(model: str) -> PresetCurve:
    ends = gain_at_equal_concurrency(model, 1.0).measured_range
    at = np.geomspace(*ends, _CURVE_POINTS)
    return _curve(at, gain_at_equal_concurrency(model, at))


def _by_user_speed(model: str) -> PresetCurve:
    at = np.linspace(*gain_at_matched_speed(model, 1.0).measured_range, 4 * _CURVE_POINTS)
    gain = gain_at_matched_speed(model, at)
    beyond = np.flatnonzero(gain.values > _MOST_AT_MATCHED_SPEED)
    end = int(beyond[0]) if beyond.size else at.size
    return _curve(at[:end], Reading(values=gain.values[:end], held=gain.held[:end], measured_range=gain.measured_range))


def _curve(at: FloatArray, gain: Reading) -> PresetCurve:
    return PresetCurve(over=BASELINE, at=tuple(at.tolist()), speedup=tuple(gain.values.tolist()))
