"""`budget-months`: each month's budget and, beside it, what the month has cost and is forecast to."""

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_number, as_text, money_axis, months_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.wording.months import month_name

_BUDGET, _ACTUAL, _FORECAST = "Budget", "Actual", "Forecast"
# The one that stands beside the main colour as its pale kind.
_LIGHT_BLUE = 3
_ORDER = {_BUDGET: 0, _ACTUAL: 1, _FORECAST: 2}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    rows = [row for month in document["months"] for row in _rows(month)]
    if not rows:
        return None
    theme = frame.theme
    colours = {_BUDGET: theme.quiet, _ACTUAL: theme.main, _FORECAST: theme.series[_LIGHT_BLUE]}
    legend = Legend({role: colour for role, colour in colours.items() if any(row["role"] == role for row in rows)})
    months = [month["month"] for month in document["months"]]
    bars = rows_drawn(rows).mark_bar()
    bars = bars.encode(
        x=months_axis(months, frame, frame.inner_width - frame.axis_width),
        xOffset=alt.XOffset("side", type="nominal", scale=alt.Scale(domain=["budget", "estimate"])),
        y=money_axis("amount", f"{document['currency']} a month, {document['basis']} cost", frame),
        color=legend.by("role"),
        order=alt.Order("order", type="quantitative"),
        tooltip=[
            as_text("month", "Month"),
            as_money("budget", _BUDGET),
            as_money("actual", _ACTUAL),
            as_money("forecast", _FORECAST),
            as_money("variance", "Over budget"),
            as_number("variance_fraction", "Over budget by", "+.1%"),
            as_text("comment", "Comment"),
        ],
    )
    return Drawing(
        panel=layered(bars),
        title=f"Budget by month: {document['name']}, version {document['number']}",
        lines=tuple(_words(document)),
    )


def _rows(month: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The bar of the budget, and that of the estimate, whose recorded part is a bar of its own below the rest."""
    told = {field: amount(month[field]) for field in ("budget", "actual", "forecast", "variance")}
    common = {
        "month": month["month"],
        **told,
        "variance_fraction": month["variance_fraction"],
        "comment": month["comment"] or "",
    }
    parts = [(_BUDGET, told["budget"] or 0.0)]
    if month["estimate_from"] != "budget":
        actual = told["actual"] or 0.0
        rest = float(month["estimate"]) - actual
        parts += [(role, part) for role, part in ((_ACTUAL, actual), (_FORECAST, rest)) if part]
    for role, part in parts:
        side = "budget" if role == _BUDGET else "estimate"
        yield {**common, "side": side, "role": role, "order": _ORDER[role], "amount": round(part, 2)}


def _words(document: Document) -> Iterator[str]:
    total, sign = document["total"], currency_sign(document["currency"])
    left = float(total["remaining"])
    yield (
        f"Budget {sign}{float(total['budget']):,.0f} + contingency {sign}{float(total['contingency']):,.0f}; estimate "
        f"{sign}{float(total['estimate']):,.0f}: {sign}{abs(left):,.0f} {'left' if left >= 0 else 'over the amount'}."
    )
    worst = max(document["months"], key=lambda month: float(month["variance"]))
    over = float(worst["variance"])
    if over > 0:
        yield f"Farthest over its budget is {month_name(worst['month'])}, by {sign}{over:,.0f}."


CHART = Chart(
    name="budget-months",
    title="Budget by month",
    subject="budget",
    nothing="This budget has no months.",
    draw=_draw,
)
