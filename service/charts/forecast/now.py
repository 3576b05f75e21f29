"""What divides a forecast's months: those that are recorded, and the day on which the rest was forecast."""

from calendar import monthrange
from collections.abc import Sequence

import altair as alt

from service.charts.axes import as_text
from service.charts.chart import Document
from service.charts.frame import Frame
from service.charts.layers import rows_drawn

_MONTH = len("2027-01")
_LEFT_HALF = 0.5


def recorded_months(document: Document) -> frozenset[str]:
    """The months that are no forecast, as far as the document holds any grouping of its months."""
    return frozenset(
        month
        for grouping in document.get("months_by", {}).values()
        for month, actual in zip(grouping["months"], grouping["actual"], strict=True)
        if actual
    )


def now_line(document: Document, months: Sequence[str], frame: Frame) -> list[alt.Chart]:
    """A line at the end of the forecast's as-of day; no layer where that is not in the months or next to them.

    The layers share a banded axis of months.
    """
    place = _place(document["as_of"], months)
    if place is None:
        return []
    month, fraction = place
    row = {"month": month, "now": f"now: {document['as_of']}", "what": "What was known"}
    base = rows_drawn([row]).encode(
        x=alt.X("month", type="ordinal", sort=None, scale=alt.Scale(domain=list(months)), bandPosition=fraction)
    )
    in_left_half = months.index(month) + fraction <= len(months) * _LEFT_HALF
    words = base.mark_text(
        align="left" if in_left_half else "right",
        baseline="top",
        dx=6 if in_left_half else -6,
        fontSize=frame.label_size,
        fontStyle="italic",
    )
    return [
        base.mark_rule(color=frame.theme.text, strokeWidth=1.5, strokeDash=[2, 3]).encode(
            tooltip=[as_text("what", "Line"), as_text("now", "Until")]
        ),
        words.encode(y=alt.value(2), text=alt.Text("now", type="nominal"), color=alt.value(frame.theme.text)),
    ]


def _place(as_of: str, months: Sequence[str]) -> tuple[str, float] | None:
    """The month whose band the end of the day lies in or at the edge of, and how far into it."""
    month = as_of[:_MONTH]
    if month in months:
        year, number = int(month[:4]), int(month[5:])
        return month, int(as_of[8:]) / monthrange(year, number)[1]
    if _following(month) == months[0]:
        return months[0], 0.0
    return (months[-1], 1.0) if month == _following(months[-1]) else None


def _following(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"
