"""`bridge`: a waterfall from one forecast to another, part by part, with what caused the large ones."""

from itertools import pairwise
from typing import Any

import altair as alt

from service.charts.axes import as_money, as_text
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_ENDS = "Forecast"
_MORE = "Adds"
_LESS = "Takes off"
_BEFORE = "before"
_AFTER = "after"
_MOST_SENTENCES = 2
# Between the lowest bar and the bottom of the picture, as a part of what the bars span.
_ROOM = 0.25


def _draw(document: Document, frame: Frame) -> Drawing | None:
    rows = _rows(document)
    if len(rows) == len((_BEFORE, _AFTER)):
        return None
    theme = frame.theme
    colours = {_ENDS: theme.quiet, _MORE: theme.accent, _LESS: theme.other}
    used = {name: colour for name, colour in colours.items() if any(row["role"] == name for row in rows)}
    legend = Legend(used)
    lowest, highest = _domain(rows)
    for row in rows:
        row["drawn_from"] = max(row["starts"], lowest)
        row["right"] = max(row["starts"], row["ends"])
    cut = "; the axis does not begin at 0" if lowest > 0.0 else ""
    base = rows_drawn(rows)
    down = alt.Y(
        "step",
        type="ordinal",
        sort=None,
        scale=alt.Scale(domain=[row["step"] for row in rows], paddingInner=0.3),
        axis=alt.Axis(title=None, ticks=False, domain=False, labelColor=theme.text),
    )
    across = alt.X(
        "drawn_from",
        type="quantitative",
        scale=alt.Scale(domain=[lowest, highest], nice=False, zero=False),
        axis=alt.Axis(
            title=f"{document['currency']} over all months, {document['basis']} cost{cut}",
            format="$,.0f",
            grid=True,
            tickCount=3 if frame.narrow else 7,
        ),
    )
    bars = base.mark_bar().encode(
        y=down,
        x=across,
        x2=alt.X2("ends"),
        color=legend.by("role"),
        tooltip=[as_text("step", "Part"), as_money("amount", "Amount"), as_text("why", "Why")],
    )
    links = base.transform_filter("datum.next !== null").mark_rule(color=theme.quiet, strokeDash=[3, 3])
    links = links.encode(
        y=alt.Y("step", type="ordinal", bandPosition=0.5),
        y2=alt.Y2("next", bandPosition=0.5),
        x=alt.X("ends", type="quantitative"),
    )
    words = base.mark_text(align="left", dx=6, fontSize=frame.label_size, fontWeight="bold").encode(
        y=alt.Y("step", type="ordinal"),
        x=alt.X("right", type="quantitative"),
        text=alt.Text("words", type="nominal"),
        color=alt.value(theme.text),
    )
    return Drawing(
        panel=layered(links, bars, words),
        title="From one forecast to the other",
        lines=(_difference(document), *(one["text"] for one in _largest(document))),
    )


def _rows(document: Document) -> list[dict[str, Any]]:
    basis, sign = document["basis"], currency_sign(document["currency"])
    why = {one["part"]: "; ".join(one["causes"]) for one in document["sentences"]}
    level = float(document["before"][basis])
    rows = [_row(_BEFORE, _ENDS, 0.0, level, level, sign)]
    for part in document["parts"]:
        amount = float(part[basis])
        if amount:
            name = part["part"].replace("_", " ")
            role = _MORE if amount > 0 else _LESS
            rows.append(_row(name, role, level, level + amount, amount, sign) | {"why": why.get(part["part"], "")})
            level += amount
    after = float(document["after"][basis])
    rows.append(_row(_AFTER, _ENDS, 0.0, after, after, sign))
    for row, following in pairwise(rows):
        row["next"] = following["step"]
    return rows


def _row(step: str, role: str, starts: float, ends: float, amount: float, sign: str) -> dict[str, Any]:
    signed = "" if role == _ENDS else "+" if amount > 0 else "-"
    return {
        "step": step,
        "role": role,
        "starts": starts,
        "ends": ends,
        "amount": amount,
        "words": f"{signed}{sign}{_short(abs(amount))}",
        "why": "",
        "next": None,
    }


def _short(amount: float) -> str:
    """Short enough to stand over a bar."""
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if amount >= size:
            return f"{amount / (1e3 if unit == 'k' else size):,.{0 if unit == 'k' else 2}f}{unit}"
    return f"{amount:,.0f}"


def _domain(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """From below the lowest level, so that small parts of a large cost can be seen; from 0 where that is near.

    To the right there is room for words.
    """
    levels = [row["ends"] for row in rows]
    lowest, highest = min(levels), max(levels)
    span = (highest - lowest) or abs(highest) or 1.0
    bottom = lowest - _ROOM * span
    left = 0.0 if lowest >= 0.0 and bottom <= _ROOM * highest else bottom
    return left, highest + _ROOM * (highest - left)


def _difference(document: Document) -> str:
    basis, sign = document["basis"], currency_sign(document["currency"])
    before, after = (float(document[end][basis]) for end in (_BEFORE, _AFTER))
    change = after - before
    share = f" ({change / abs(before):+.1%})" if before else ""
    return (
        f"{sign}{before:,.0f} as of {document['from']['as_of']}, {sign}{after:,.0f} as of {document['to']['as_of']}: "
        f"{'+' if change >= 0 else '-'}{sign}{abs(change):,.0f}{share}."
    )


def _largest(document: Document) -> list[dict[str, Any]]:
    told = sorted(document["sentences"], key=lambda one: -abs(float(one["amount"])))
    return told[:_MOST_SENTENCES]


CHART = Chart(
    name="bridge",
    title="From one forecast to the other",
    subject="bridge",
    nothing="Both forecasts cost the same, part by part.",
    draw=_draw,
)
