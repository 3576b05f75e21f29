"""The whole backtest: cases of models on sale and of successor tiers, scored by every method."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.backtest.prices.methods import FLAT, METHODS, Forecaster, flat_quantiles
from forecasts.backtest.prices.origins import Case, rolling_cases
from forecasts.backtest.prices.scoring import Scores, score
from forecasts.prices.history.series import PriceSeries
from forecasts.timeline import FloatArray

Report = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class ScoredCase:
    """A selection of rows, each a series at an origin, and every method's scores on it."""

    case: str
    rows: int
    series: int
    first_origin: date
    last_origin: date
    methods: dict[str, Scores]


def backtest_prices(
    models: Iterable[PriceSeries], tiers: Iterable[PriceSeries], report: Report = lambda _fraction: None
) -> tuple[ScoredCase, ...]:
    """Scores on models on sale (`all`, `skus`, `aliases`) and on `tiers`, whole and where the price had changed before.

    An alias is a name whose model the provider exchanges. Selections without a row are left out. `report` is told the
    fraction done.
    """
    groups = [(list(rolling_cases(group)), Forecaster(group)) for group in (tuple(models), tuple(tiers))]
    total = sum(len(cases) for cases, _ in groups)
    cases: list[Case] = []
    predicted: list[dict[str, FloatArray]] = []
    for of_group, forecaster in groups:
        for case in of_group:
            cases.append(case)
            predicted.append(_predict(forecaster, case))
            report(len(cases) / total)
    scored = []
    for name, select in _SELECTIONS.items():
        kept = [index for index, case in enumerate(cases) if select(case)]
        if kept:
            scored.append(_scored(name, [cases[index] for index in kept], [predicted[index] for index in kept]))
    return tuple(scored)


_SELECTIONS: dict[str, Callable[[Case], bool]] = {
    "all": lambda case: case.series.kind != "tier",
    "changed_before": lambda case: case.series.kind != "tier" and case.changed_before,
    "tiers": lambda case: case.series.kind == "tier",
    "tiers_changed_before": lambda case: case.series.kind == "tier" and case.changed_before,
    "skus": lambda case: case.series.kind == "sku",
    "skus_changed_before": lambda case: case.series.kind == "sku" and case.changed_before,
    "aliases": lambda case: case.series.kind == "alias",
}


def _predict(forecaster: Forecaster, case: Case) -> dict[str, FloatArray]:
    methods = {method.name: forecaster.quantiles(case, method) for method in METHODS}
    return {FLAT: flat_quantiles(), **methods}


def _scored(name: str, cases: list[Case], predicted: list[dict[str, FloatArray]]) -> ScoredCase:
    outcomes = np.array([case.log_ratio for case in cases])
    origins = [case.origin.as_of for case in cases]
    return ScoredCase(
        case=name,
        rows=len(cases),
        series=len({(case.series.provider, case.series.name) for case in cases}),
        first_origin=min(origins),
        last_origin=max(origins),
        methods={
            method: score(np.stack([quantiles[method] for quantiles in predicted]), outcomes) for method in predicted[0]
        },
    )
