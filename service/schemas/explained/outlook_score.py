"""How an outlook has scored, beside the total that it gives."""

from functools import cache

import msgspec

from forecasts.backtest.prices.methods import FLAT
from forecasts.catalog.outlook_scores import OutlookScore, load_outlook_scores

MODELS_ON_SALE = "all"
# Known steps are all that either of them follows.
_SCORED_AS = {"scheduled": "hold"}


class CaseScoreOut(msgspec.Struct, kw_only=True, frozen=True):
    """Figures on one case of the backtest; `flat_pinball` is what today's price, held, scores on it."""

    case: str
    rows: int
    series: int
    median_error: float
    p90_error: float
    mean_error: float
    bias: float
    pinball: float
    flat_pinball: float
    coverage: float | None


class OutlookBacktestOut(CaseScoreOut, kw_only=True, frozen=True):
    """Scores on models on sale, then on other cases; `assumes` says what was scored, which a plan's own settings of the
    outlook may differ from, and `command` prints it all.
    """

    assumes: str
    command: str
    other_cases: tuple[CaseScoreOut, ...]


@cache
def outlook_backtest(name: str) -> OutlookBacktestOut | None:
    """The packaged scores of an outlook by its name; None for a mixture, and where a score needs more than history."""
    scores = [score for score in load_outlook_scores() if score.outlook == _SCORED_AS.get(name, name)]
    by_case = {score.case: _case_score(score) for score in scores}
    on_sale = by_case.pop(MODELS_ON_SALE, None)
    if on_sale is None:
        return None
    return OutlookBacktestOut(
        **msgspec.structs.asdict(on_sale),
        assumes=scores[0].assumes,
        command=scores[0].source,
        other_cases=tuple(by_case.values()),
    )


def _case_score(score: OutlookScore) -> CaseScoreOut:
    flat = next(one for one in load_outlook_scores() if one.outlook == FLAT and one.case == score.case)
    return CaseScoreOut(
        case=score.case,
        rows=score.rows,
        series=score.series,
        median_error=score.median_error,
        p90_error=score.p90_error,
        mean_error=score.mean_error,
        bias=score.bias,
        pinball=score.pinball,
        flat_pinball=flat.pinball,
        coverage=score.coverage,
    )
