"""`months_by_...`: what each month costs, stacked by workload, provider, kind of cost or cost centre."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from service.charts.axes import as_money, as_number, as_text, money_axis, months_axis
from service.charts.chart import Chart, Document, Drawing, Grouping
from service.charts.figure import currency_sign
from service.charts.forecast.now import now_line
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.charts.theme import Theme

MOST_GROUPS = 7

_ACTUAL, _FORECAST = "actual", "forecast"
_LIGHT = 0.5
# The eighth colour of a theme is the grey one: it is for what is not told apart.
_GREY = 5
_COLUMNS = {False: 4, True: 2}


@dataclass(frozen=True, kw_only=True)
class _Grouping:
    """`unnamed` is what lines without a name are, and `plural` what the groups are together."""

    by: Grouping
    title: str
    unnamed: str
    plural: str


_GROUPINGS = (
    _Grouping(by="workload", title="Cost by month and workload", unnamed="Of no workload", plural="workloads"),
    _Grouping(by="provider", title="Cost by month and provider", unnamed="Own fleets", plural="providers"),
    _Grouping(by="kind", title="Cost by month and kind", unnamed="Other kinds", plural="kinds of cost"),
    _Grouping(by="cost_center", title="Cost by month and cost centre", unnamed="No cost centre", plural="cost centres"),
)


def _draw(document: Document, frame: Frame, *, grouping: _Grouping) -> Drawing | None:
    found = document.get("months_by", {}).get(grouping.by)
    if found is None or not found["groups"]:
        return None
    basis = document["total"]["budget"]["basis"]
    series = _series(found, basis, grouping)
    names = list(series)
    if len(names) > MOST_GROUPS + 1:
        raise ValueError(f"the document lists more than {MOST_GROUPS} {grouping.plural}")
    legend = Legend(
        dict(zip(names, _colours(frame.theme, others=found["others"] is not None, count=len(names)), strict=True)),
        columns=_COLUMNS[frame.narrow],
        labelLimit=frame.inner_width / _COLUMNS[frame.narrow] - 40,
    )
    bars = rows_drawn(_rows(found, series)).mark_bar()
    bars = bars.encode(
        x=months_axis(found["months"], frame, frame.inner_width - frame.axis_width),
        y=money_axis("amount", f"{document['currency']} a month, {basis} cost", frame),
        color=legend.by("group"),
        order=alt.Order("order", type="quantitative"),
        opacity=alt.Opacity(
            "stage", type="ordinal", legend=None, scale=alt.Scale(domain=[_ACTUAL, _FORECAST], range=_shades(found))
        ),
        tooltip=[
            as_text("month", "Month"),
            as_text("group", grouping.title.rpartition(" and ")[2].capitalize()),
            as_money("amount", "Cost"),
            as_number("share", "Of the month", ".1%"),
            as_text("stage", "Is"),
        ],
    )
    panel = layered(bars, *now_line(document, found["months"], frame))
    return Drawing(panel=panel, title=grouping.title, lines=tuple(_words(found, grouping, basis, document["currency"])))


def _series(found: Mapping[str, Any], basis: str, grouping: _Grouping) -> dict[str, Sequence[str]]:
    """Amounts by the words that a group goes by, the costliest first; no two groups go by the same."""
    series: dict[str, Sequence[str]] = {}
    for group in found["groups"]:
        name = _words_for(group["name"], grouping)
        series[_unused(name, series)] = group[basis]
    if found["others"] is not None:
        series[_unused(f"{found['others']['count']} other {grouping.plural}", series)] = found["others"][basis]
    return series


def _words_for(name: str | None, grouping: _Grouping) -> str:
    if name is None:
        return grouping.unnamed
    return name.replace("_", " ").capitalize() if grouping.by == "kind" else name


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _colours(theme: Theme, *, others: bool, count: int) -> list[str]:
    own = [colour for index, colour in enumerate(theme.series) if index != _GREY]
    return [*own[: count - 1], theme.series[_GREY]] if others else own[:count]


def _shades(found: Mapping[str, Any]) -> list[float]:
    """What is forecast is light beside what is recorded, and not where there is nothing recorded to tell it from."""
    return [1.0, _LIGHT] if any(found["actual"]) else [1.0, 1.0]


def _rows(found: Mapping[str, Any], series: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    # The height of a month's stack: a credit lies below the axis and takes nothing from it.
    heights = [sum(abs(float(amounts[place])) for amounts in series.values()) for place in range(len(found["months"]))]
    for order, (name, amounts) in enumerate(series.items()):
        for month, actual, text, height in zip(found["months"], found["actual"], amounts, heights, strict=True):
            if float(text):
                yield {
                    "month": month,
                    "group": name,
                    "order": order,
                    "amount": float(text),
                    "share": round(float(text) / height, 4),
                    "stage": _ACTUAL if actual else _FORECAST,
                }


def _words(found: Mapping[str, Any], grouping: _Grouping, basis: str, currency: str) -> Iterator[str]:
    total = sum(map(float, found["total"][basis]))
    first = found["groups"][0]
    own = sum(map(float, first[basis]))
    share = f" ({own / total:.0%})" if total > 0 else ""
    sign = currency_sign(currency)
    name = _words_for(first["name"], grouping)
    yield f"{sign}{total:,.0f} over the horizon; the largest part is {name} with {sign}{own:,.0f}{share}."
    if any(found["actual"]):
        yield f"Months in full colour are recorded, until {found['actual_until']}; pale ones are forecast."


CHARTS = tuple(
    Chart(
        name=f"months_by_{grouping.by}",
        title=grouping.title,
        subject="forecast",
        nothing="This forecast has no months that cost anything.",
        draw=partial(_draw, grouping=grouping),
        months_by=grouping.by,
    )
    for grouping in _GROUPINGS
)
