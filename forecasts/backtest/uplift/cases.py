"""The cases that a backtest of the uplift model reports: which rows, told what, scored how."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasts.backtest.scores import HIGH, LOW, MIDDLE, Scores, balanced_weights, score
from forecasts.backtest.uplift.predictions import UpliftPredictions
from forecasts.speculation.fit.rows import BoolArray, EvidenceRows
from forecasts.speculation.fit.spreads import point_pairs
from forecasts.speculation.model.spread import P90_NORMAL, spread_after_points
from forecasts.timeline import FloatArray

OURS = "tokencast"
_BANDS = (
    ("concurrency=1", 0, 1),
    ("concurrency=2-15", 1, 15),
    ("concurrency=16-63", 15, 63),
    ("concurrency>=64", 63, np.inf),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Scores by method of one selection of rows; `series` is its number of sources."""

    case: str
    rows: int
    series: int
    methods: dict[str, Scores]


def uplift_cases(rows: EvidenceRows, made: UpliftPredictions) -> tuple[Case, ...]:
    """Cases without a row are left out. Unless a case says otherwise its rows are of datacentres.

    `all` and what it is split into predict each row by what the row tells: its measured acceptance, else the preset's.
    """
    return tuple(case for case in _cases(rows, made) if case.rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Told:
    """Our prediction as P10, median and P90, of shape `[rows]`."""

    low: FloatArray
    middle: FloatArray
    high: FloatArray

    def of(self, chosen: BoolArray) -> dict[float, FloatArray]:
        return {LOW: self.low[chosen], MIDDLE: self.middle[chosen], HIGH: self.high[chosen]}


def _cases(rows: EvidenceRows, made: UpliftPredictions) -> Iterator[Case]:
    known = rows.acceptance_known
    by_length = _Told(low=made.known_low, middle=made.known, high=made.known_high)
    by_preset = _Told(low=made.preset_low, middle=made.preset, high=made.preset_high)
    best = _Told(
        low=np.where(known, by_length.low, by_preset.low),
        middle=np.where(known, by_length.middle, by_preset.middle),
        high=np.where(known, by_length.high, by_preset.high),
    )
    busy, within = rows.requests >= 16.0, rows.datacentre
    for name, chosen, told in (
        ("all", within, best),
        ("concurrency>=16", within & busy, best),
        ("acceptance known", within & known, by_length),
        ("acceptance known, concurrency>=16", within & known & busy, by_length),
        ("preset acceptance", within, by_preset),
        ("preset acceptance, concurrency>=16", within & busy, by_preset),
    ):
        yield _case(name, rows, chosen, made, told)
        yield _case(f"{name}, source-balanced", rows, chosen, made, told, balanced=True)
    yield from _through_points(rows, made)
    for name, above, up_to in _BANDS:
        yield _case(name, rows, within & (rows.requests > above) & (rows.requests <= up_to), made, best)
    for method in dict.fromkeys(rows.method.tolist()):
        yield _case(f"method={method}", rows, within & (rows.method == method), made, best)
    yield _case("baseline=mtp-1", rows, within & rows.over_mtp, made, best)
    yield _case("other hardware", rows, ~within, made, best)


def _case(
    name: str,
    rows: EvidenceRows,
    chosen: BoolArray,
    made: UpliftPredictions,
    told: _Told,
    *,
    balanced: bool = False,
) -> Case:
    source, observed = rows.source[chosen], rows.speedup[chosen]
    weights = balanced_weights(source) if balanced else None
    rivals = {
        "flat-1.67": made.flat,
        "flat-median-by-method": made.flat_by_method,
        "acceptance-length": made.acceptance_length,
    }
    methods = {
        OURS: score(told.middle[chosen], observed, weights=weights, quantiles=told.of(chosen)),
        **{method: score(values[chosen], observed, weights=weights) for method, values in rivals.items()},
    }
    return Case(case=name, rows=int(chosen.sum()), series=len(set(source.tolist())), methods=methods)


def _through_points(rows: EvidenceRows, made: UpliftPredictions) -> Iterator[Case]:
    """Rows whose acceptance is known, predicted through others of their deployment.

    With one point every other row is the measured one in turn, and they share the weight of the predicted row. With
    several, all others are measured and the model takes their median offset.
    """
    told = rows.where(rows.datacentre & rows.acceptance_known)
    ours, sigma = (column[rows.datacentre & rows.acceptance_known] for column in (made.known, made.one_point_sigma))
    pairs = point_pairs(told.series)
    if not len(pairs):
        return
    through, of = pairs.T
    ratio = np.log(told.speedup / ours)
    others = np.bincount(of, minlength=told.count).astype(np.float64)
    flat = np.log(told.speedup)
    yield _point_case(
        "one measured point",
        told,
        of,
        1.0 / others[of],
        ours[of] * np.exp(ratio[through]),
        sigma[of],
        told.speedup[through],
    )
    several = np.flatnonzero(others >= 2)
    offsets = np.array([np.median(ratio[through[of == row]]) for row in several])
    rivals = np.array([np.exp(np.median(flat[through[of == row]])) for row in several])
    narrow = np.array([spread_after_points(float(sigma[row]), int(others[row])) for row in several])
    yield _point_case(
        "several measured points", told, several, np.ones(len(several)), ours[several] * np.exp(offsets), narrow, rivals
    )


def _point_case(
    name: str,
    told: EvidenceRows,
    of: np.ndarray[tuple[int], np.dtype[np.int64]],
    weights: FloatArray,
    ours: FloatArray,
    sigma: FloatArray,
    same_as_measured: FloatArray,
) -> Case:
    observed = told.speedup[of]
    return Case(
        case=name,
        rows=len(np.unique(of)),
        series=len(set(told.source[of].tolist())),
        methods={
            OURS: score(ours, observed, weights=weights, quantiles=_band(ours, sigma)),
            "same-as-measured": score(same_as_measured, observed, weights=weights),
            "flat-1.67": score(np.full(len(of), 1.67), observed, weights=weights),
        },
    )


def _band(middle: FloatArray, sigma: FloatArray) -> dict[float, FloatArray]:
    reach = np.exp(P90_NORMAL * sigma)
    return {LOW: middle / reach, MIDDLE: middle, HIGH: middle * reach}
