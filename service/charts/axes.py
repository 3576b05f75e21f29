"""Axes that charts share: months, money, shares of one, and plain numbers with their unit."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from service.charts.frame import Frame

# Month labels: the month's name, and the year under the first one and under each January.
_MONTH_LABEL = (
    "[utcFormat(toDate(datum.value + '-01'), '%b'), "
    "datum.index == 0 || slice(datum.value, 5) == '01' ? slice(datum.value, 0, 4) : '']"
)
_LABEL_EMS = 2.9
_STEPS_IN_MONTHS = (1, 2, 3, 4, 6, 12)
_LEAST_IN_CENTS = 0.05
_DIGITS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (1.1, (1, 1.5, 2, 3, 4, 5, 7)),
    (5, (1, 2, 5)),
    (math.inf, (1,)),
)
_PERCENT = ".0%"
_UNITS = ((1e9, "billions"), (1e6, "millions"), (1e3, "thousands"))


def amount(text: str | float | None) -> float | None:
    """A decimal string of a document as the number that a picture needs."""
    return None if text is None else float(text)


def months_axis(
    months: Sequence[str], frame: Frame, width: float, *, labelled: bool = True, banded: bool = False
) -> alt.X:
    """`month` on the horizontal axis, in the order given; only as many labels as `width` has room for.

    `banded` gives lines the same places as bars, where a month has a beginning and an end.
    """
    axis = alt.Axis(
        title=None,
        values=labelled_months(months, frame, width),
        labelExpr=_MONTH_LABEL,
        labelAngle=0,
        labels=labelled,
        ticks=labelled,
    )
    scale = alt.Scale(domain=list(months), type="band" if banded else alt.Undefined)
    return alt.X("month", type="ordinal", sort=None, axis=axis, scale=scale)


def labelled_months(months: Sequence[str], frame: Frame, width: float) -> list[str]:
    """Every month, or those that begin each pair, quarter ... of a year, so that their labels do not touch."""
    least = len(months) * frame.label_size * _LABEL_EMS / width
    step = next((step for step in _STEPS_IN_MONTHS if step >= least), _STEPS_IN_MONTHS[-1])
    return [month for month in months if (int(month[5:]) - 1) % step == 0] or list(months)[:1]


def money_axis(field: str, title: str, frame: Frame, *, digits: int = 0, **options: Any) -> alt.Y:
    return vertical(field, title, frame, number_format=f"$,.{digits}f", **options)


def share_axis(field: str, title: str, frame: Frame, **options: Any) -> alt.Y:
    return vertical(field, title, frame, number_format=_PERCENT, **options)


def tokens_axis(field: str, title: str, frame: Frame, largest: float, **options: Any) -> alt.Y:
    """Tokens in billions, millions or thousands, whichever the largest value calls for."""
    size, words = next((unit for unit in _UNITS if largest >= unit[0]), (1.0, ""))
    title = f"{title}, {words}" if words else title
    return vertical(field, title, frame, axis={"labelExpr": f"format(datum.value / {size:.0f}, ',')"}, **options)


def vertical(field: str, title: str, frame: Frame, *, number_format: str = ",", **options: Any) -> alt.Y:
    """A vertical axis whose title, with the unit, lies above it: rotated text is hard to read."""
    axis = {
        "title": title,
        "format": number_format,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleBaseline": "bottom",
        "titleX": -frame.axis_width + 4,
        "titleY": -8,
        "minExtent": frame.axis_width - 8,
        "tickCount": 5 if frame.narrow else 7,
        **options.pop("axis", {}),
    }
    return alt.Y(field, type="quantitative", axis=alt.Axis(**axis), **options)


def horizontal_share(field: str, title: str, frame: Frame, **options: Any) -> alt.X:
    step = 25 if frame.narrow else 10
    axis = alt.Axis(title=title, format=_PERCENT, values=[percent / 100 for percent in range(0, 101, step)])
    return alt.X(field, type="quantitative", axis=axis, scale=alt.Scale(domain=[0, 1]), **options)


def log_money_axis(field: str, title: str, frame: Frame, amounts: Sequence[float]) -> alt.Y:
    """A logarithmic axis around positive amounts, labelled with round ones."""
    lowest, highest = min(amounts) * 0.75, max(amounts) * 1.15
    values = _round_values(lowest, highest)
    return vertical(
        field,
        title,
        frame,
        number_format="$,.2f" if lowest >= _LEAST_IN_CENTS else "$,.4~f",
        # Without their own count the renderer leaves out some of the values.
        axis={"values": values, "tickCount": len(values), "labelOverlap": False},
        scale=alt.Scale(type="log", domain=[lowest, highest], nice=False),
    )


def _round_values(lowest: float, highest: float) -> list[float]:
    """1, 2 and 5 of each power of ten in a range; more of them where it is short, the powers alone where it is long."""
    powers = range(math.floor(math.log10(lowest)), math.ceil(math.log10(highest)) + 1)
    digits = next(digits for decades, digits in _DIGITS if highest <= lowest * 10.0**decades)
    values = [round(digit * 10.0**power, 12) for power in powers for digit in digits]
    return [value for value in values if lowest <= value <= highest]


def as_money(field: str, title: str, *, digits: int = 2) -> alt.Tooltip:
    return alt.Tooltip(field, type="quantitative", title=title, format=f"$,.{digits}f")


def as_number(field: str, title: str, number_format: str = ",.4~g") -> alt.Tooltip:
    return alt.Tooltip(field, type="quantitative", title=title, format=number_format)


def as_text(field: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(field, type="nominal", title=title)
