"""`tornado`: how far each driver alone moves the total of the horizon, the farthest first."""

from typing import Any

import altair as alt

from service.charts.axes import as_money, as_number, as_text
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.wording.drivers import driver_words

_BELOW = "P10: below the middle"
_ABOVE = "P90: above the middle"
_MOST_DRIVERS = {False: 12, True: 8}
_LONGEST_NAME = 28
_ROOM = 0.22
_LEAST_SHARE = 0.005


def _draw(document: Document, frame: Frame) -> Drawing | None:
    drivers = document["sensitivity"]
    if not drivers:
        return None
    shown = drivers[: _MOST_DRIVERS[frame.narrow]]
    rows = _rows(shown)
    theme = frame.theme
    colours = {_BELOW: theme.main, _ABOVE: theme.accent}
    legend = Legend(colours, columns=1 if frame.narrow else 2)
    lowest, highest = min(row["starts"] for row in rows), max(row["ends"] for row in rows)
    span = (highest - lowest) or 1.0
    basis = document["total"]["budget"]["basis"]
    base = rows_drawn(rows)
    down = alt.Y(
        "driver",
        type="nominal",
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelColor=theme.text, labelLimit=frame.width * 0.4),
    )
    across = alt.X(
        "starts",
        type="quantitative",
        scale=alt.Scale(domain=[lowest - 0.05 * span, highest + _ROOM * span], nice=False, zero=False),
        axis=alt.Axis(
            title=f"{document['currency']} over the horizon, {basis} cost",
            format="$,.0f",
            grid=True,
            tickCount=2 if frame.narrow else 6,
        ),
    )
    bars = base.mark_bar().encode(
        y=down,
        x=across,
        x2=alt.X2("ends"),
        color=legend.by("side"),
        tooltip=[
            as_text("driver", "Driver"),
            as_money("p10", "P10"),
            as_money("p90", "P90"),
            as_number("share", "Share of the variance", ".1%"),
        ],
    )
    middle = base.mark_rule(color=theme.text, strokeWidth=1.5).encode(x=alt.X("central", type="quantitative"))
    words = base.transform_filter("datum.words !== null").mark_text(
        align="left", dx=6, fontSize=frame.label_size, color=theme.muted
    )
    words = words.encode(
        y=alt.Y("driver", type="nominal", sort=None),
        x=alt.X("right", type="quantitative"),
        text=alt.Text("words", type="nominal"),
        color=alt.value(theme.muted),
    )
    return Drawing(panel=layered(bars, middle, words), title="What moves the total", lines=_lines(document, len(shown)))


def _rows(drivers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two bars a driver, on either side of the total with every driver in its middle."""
    rows = []
    names: dict[str, int] = {}
    for driver in drivers:
        central, low, high = (float(driver[field]) for field in ("central", "p10", "p90"))
        name = _name(driver)
        names[name] = names.get(name, 0) + 1
        # Two names that are cut alike must not share a bar.
        label = name if names[name] == 1 else f"{name} ({names[name]})"
        common = {"driver": label, "p10": low, "p90": high, "central": central, "share": driver["share_of_variance"]}
        right = max(high, central)
        share = driver["share_of_variance"]
        words = f"{share:.0%}" if share >= _LEAST_SHARE else "<1%"
        rows.append(common | {"side": _BELOW, "starts": min(low, central), "ends": min(high, central)} | _no_words())
        rows.append(
            common
            | {"side": _ABOVE, "starts": max(low, central), "ends": max(high, central), "right": right, "words": words}
        )
    return rows


def _no_words() -> dict[str, Any]:
    return {"right": None, "words": None}


def _name(driver: dict[str, Any]) -> str:
    name = driver["name"]
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return driver_words(driver["kind"], short)


def _lines(document: Document, shown: int) -> tuple[str, ...]:
    drivers, sign = document["sensitivity"], currency_sign(document["currency"])
    first = drivers[0]
    said = _name(first)[0].upper() + _name(first)[1:]
    more = "" if shown == len(drivers) else f" The {shown} largest of {len(drivers)} drivers."
    return (
        f"{said} alone moves the total from {sign}{float(first['p10']):,.0f} to "
        f"{sign}{float(first['p90']):,.0f} (P10 to P90), all others at their medians.",
        f"Beside each bar: its share of the total's variance.{more}",
    )


CHART = Chart(
    name="tornado",
    title="What moves the total",
    subject="forecast",
    nothing="Nothing in this forecast is uncertain.",
    draw=_draw,
)
