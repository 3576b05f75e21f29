"""The backtest of price outlooks on the wire: what `tokencast backtest prices --json` prints."""

from collections.abc import Iterable
from datetime import date

import msgspec

from forecasts.backtest.prices.methods import FLAT, METHODS
from forecasts.backtest.prices.run import ScoredCase
from forecasts.backtest.prices.scoring import Scores
from forecasts.backtest.prices.since import PriceMoves

TARGET = "mean output price of the twelve months after the month of the origin, on what was known on the origin's day"


class MethodScoreOut(msgspec.Struct, kw_only=True, frozen=True):
    """Null where a figure does not apply: a method without an interval has no coverage."""

    median_error: float | None
    p90_error: float | None
    mean_error: float | None
    bias: float | None
    pinball: float | None
    coverage: float | None


class BacktestCaseOut(msgspec.Struct, kw_only=True, frozen=True):
    case: str
    rows: int
    series: int
    first_origin: date
    last_origin: date
    methods: dict[str, MethodScoreOut]


class PriceMovesOut(msgspec.Struct, kw_only=True, frozen=True):
    """What became of models on sale on both days; `lower_as_claimed` fell by 20 to 40 %."""

    first: date
    last: date
    models: int
    unchanged: int
    higher: int
    lower: int
    lower_as_claimed: int


class PriceBacktestOut(msgspec.Struct, kw_only=True, frozen=True):
    what: str = "prices"
    data: str
    target: str = TARGET
    assumes: dict[str, str]
    cases: tuple[BacktestCaseOut, ...]
    planning_case: PriceMovesOut | None

    @classmethod
    def of(cls, cases: Iterable[ScoredCase], *, data: str, moves: PriceMoves | None) -> "PriceBacktestOut":
        return cls(
            data=data,
            assumes={FLAT: "today's price", **{method.name: method.assumes for method in METHODS}},
            cases=tuple(
                BacktestCaseOut(
                    case=case.case,
                    rows=case.rows,
                    series=case.series,
                    first_origin=case.first_origin,
                    last_origin=case.last_origin,
                    methods={name: _score_out(scores) for name, scores in case.methods.items()},
                )
                for case in cases
            ),
            planning_case=None if moves is None else msgspec.convert(moves, PriceMovesOut, from_attributes=True),
        )


def _score_out(scores: Scores) -> MethodScoreOut:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 6)

    return MethodScoreOut(
        median_error=rounded(scores.median_error),
        p90_error=rounded(scores.p90_error),
        mean_error=rounded(scores.mean_error),
        bias=rounded(scores.bias),
        pinball=rounded(scores.pinball),
        coverage=rounded(scores.coverage),
    )
