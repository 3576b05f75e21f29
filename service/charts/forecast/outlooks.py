"""`outlooks`: what the horizon costs under each price outlook, on the same draws, with how each has scored."""

from typing import Any

import altair as alt

from service.charts.axes import as_money, as_text
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_CHOSEN = "The forecast's own outlook"
_OTHER = "The same horizon under another outlook"
_NO_SCORE = "no backtest"
_LINE_BREAK = "\n"


def _draw(document: Document, frame: Frame) -> Drawing | None:
    sign = currency_sign(document["currency"])
    rows = [_row(outlook, sign) for outlook in document["outlooks"]]
    if not rows:
        return None
    theme = frame.theme
    legend = Legend({_CHOSEN: theme.main, _OTHER: theme.quiet}, columns=1 if frame.narrow else 2)
    axis = alt.Axis(
        title=f"{document['currency']} over the horizon, effective cost: mean, and P10 to P90",
        format="$,.0f",
        grid=True,
        tickCount=3 if frame.narrow else 6,
    )
    base = rows_drawn(rows).encode(
        y=alt.Y(
            "outlook",
            type="nominal",
            sort=None,
            axis=alt.Axis(title=None, ticks=False, domain=False, labelColor=theme.text, labelLimit=frame.width / 4),
        ),
        color=legend.by("role"),
        tooltip=[
            as_text("outlook", "Outlook"),
            as_money("mean", "Mean"),
            as_money("p10", "P10"),
            as_money("p50", "P50"),
            as_money("p90", "P90"),
            as_text("score", "Backtest"),
        ],
    )
    scale = alt.Scale(zero=False, padding=frame.inner_width / 10)
    span = base.mark_rule(strokeWidth=frame.label_size, opacity=0.35).encode(
        x=alt.X("p10", type="quantitative", axis=axis, scale=scale), x2=alt.X2("p90")
    )
    mean = base.mark_point(filled=True, size=190, opacity=1).encode(x=alt.X("mean", type="quantitative"))
    words = base.mark_text(baseline="bottom", dy=-frame.label_size, color=theme.text, fontWeight="bold")
    score = base.mark_text(baseline="top", dy=frame.label_size, color=theme.muted, lineBreak=_LINE_BREAK)
    panel = layered(
        span,
        mean,
        words.encode(
            x=alt.X("mean", type="quantitative"), text=alt.Text("words", type="nominal"), color=alt.value(theme.text)
        ),
        score.encode(
            x=alt.X("mean", type="quantitative"), text=alt.Text("score", type="nominal"), color=alt.value(theme.muted)
        ),
    )
    return Drawing(
        panel=panel, title="Price outlooks side by side", lines=(_difference(rows, sign), _yardstick(document))
    )


def _row(outlook: dict[str, Any], sign: str) -> dict[str, Any]:
    total = {field: float(outlook["total"][field]) for field in ("mean", "p10", "p50", "p90")}
    return {
        "outlook": outlook["name"].replace("_", " "),
        "role": _CHOSEN if outlook["chosen"] else _OTHER,
        **total,
        "words": f"{sign}{total['mean']:,.0f}",
        "score": _score(outlook.get("backtest")),
    }


def _score(backtest: dict[str, Any] | None) -> str:
    """The pinball loss and coverage of a backtest in words; figures that do not apply are null and left out."""
    backtest = backtest or {}
    parts = []
    if backtest.get("pinball") is not None:
        parts.append(f"backtest pinball {backtest['pinball']:.3f}")
    if backtest.get("coverage") is not None:
        parts.append(f"P10 to P90 held {backtest['coverage']:.0%}")
    if backtest.get("median_error") is not None and not parts:
        parts.append(f"backtest median error {backtest['median_error']:.1%}")
    return _LINE_BREAK.join(parts) or _NO_SCORE


def _difference(rows: list[dict[str, Any]], sign: str) -> str:
    own = next((row for row in rows if row["role"] == _CHOSEN), None)
    hold = next((row for row in rows if row["outlook"] == "hold"), None)
    if own is None or hold is None or own is hold:
        return "All outlooks use the same draws of demand."
    difference = own["mean"] - hold["mean"]
    if abs(difference) < 1:
        return "The forecast's own outlook costs what it would if prices held."
    word = "less" if difference < 0 else "more"
    return f"{sign}{abs(difference):,.0f} {word} than if prices held."


def _yardstick(document: Document) -> str:
    """What a score is measured by, where the document says what today's price alone has scored."""
    scores = [outlook.get("backtest") or {} for outlook in document["outlooks"]]
    flat = next((score["flat_pinball"] for score in scores if score.get("flat_pinball") is not None), None)
    words = "A lower pinball loss is better"
    return f"{words}." if flat is None else f"{words}; today's price, held, scores {flat:.3f}."


CHART = Chart(
    name="outlooks",
    title="Price outlooks side by side",
    subject="forecast",
    nothing="This forecast compares no outlooks.",
    draw=_draw,
)
