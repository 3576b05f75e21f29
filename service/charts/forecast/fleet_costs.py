"""`fleet-costs`: what each fleet's cost consists of by month, as it accrues and as it is invoiced."""

from collections import defaultdict
from functools import partial

import altair as alt

from service.charts.axes import as_money, as_text, money_axis, months_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.forecast.fleets import Fleet, draw_fleets
from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized, stacked
from service.charts.legend import Legend
from service.charts.panels import Cell

# In the order in which they are stacked; a kind that a later version adds comes after them.
_KINDS = (
    "depreciation",
    "rental",
    "commitment",
    "lease",
    "purchase",
    "hosting",
    "licence",
    "operations",
    "power",
    "one_off",
    "disposal",
)
_BASES = (("effective", "accrued (effective cost)"), ("billed", "invoiced (billed cost)"))
# The two have one scale unless a purchase would flatten everything else.
_MOST_TIMES = 3.0
_BETWEEN = 84
_LEAST_HEIGHT = 350

Amounts = dict[tuple[str, str], dict[str, float]]


def _draw(document: Document, frame: Frame) -> Drawing | None:
    amounts = {fleet["name"]: _amounts(document, fleet["name"]) for fleet in document["fleets"]}
    kinds = sorted({kind for own in amounts.values() for _, kind in own}, key=lambda kind: (_order(kind), kind))
    if not kinds:
        return None
    series = frame.theme.series
    names = {kind: kind.replace("_", "-").capitalize() for kind in kinds}
    colours = {names[kind]: series[index % len(series)] for index, kind in enumerate(kinds)}
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    return draw_fleets(
        document,
        frame,
        partial(_fleet, frame=frame, legend=legend, amounts=amounts, names=names, currency=document["currency"]),
        title="Fleet cost by month",
        least_height=_LEAST_HEIGHT,
        lines=(
            "A purchase is invoiced once and accrues as depreciation; rental and running costs do both in their month.",
        ),
    )


def _fleet(
    fleet: Fleet,
    cell: Cell,
    *,
    frame: Frame,
    legend: Legend,
    amounts: dict[str, Amounts],
    names: dict[str, str],
    currency: str,
) -> Panel:
    months = [month["month"] for month in fleet["months"]]
    own = amounts[fleet["name"]]
    panels = []
    for index, (basis, words) in enumerate(_BASES):
        rows = [
            {"month": month, "kind": names[kind], "order": _order(kind), basis: amount[basis]}
            for (month, kind), amount in own.items()
        ]
        bars = rows_drawn(rows).mark_bar()
        bars = bars.encode(
            x=months_axis(months, frame, cell.width, labelled=index == len(_BASES) - 1),
            y=money_axis(basis, f"{currency} {words}", frame, axis={"tickCount": 4}),
            color=legend.by("kind"),
            order=alt.Order("order", type="quantitative"),
            tooltip=[as_text("month", "Month"), as_text("kind", "Kind"), as_money(basis, words.capitalize())],
        )
        panels.append(sized(layered(bars), cell.width, (cell.height - _BETWEEN) / 2))
    tallest = {basis: _tallest(own, basis) for basis, _ in _BASES}
    comparable = max(tallest.values()) <= _MOST_TIMES * min(tallest.values())
    panel = stacked(panels, spacing=34)
    return {**panel, "resolve": {"scale": {"y": "shared"}}} if comparable else panel


def _amounts(document: Document, fleet: str) -> Amounts:
    """Both amounts of each month and kind of the fleet's lines, its workloads and its idle part together."""
    amounts: Amounts = defaultdict(lambda: dict.fromkeys(("effective", "billed"), 0.0))
    for line in document["lines"]:
        if line["route"] == f"fleet:{fleet}":
            for basis in ("effective", "billed"):
                amounts[line["month"], line["kind"]][basis] += float(line[basis])
    return amounts


def _tallest(amounts: Amounts, basis: str) -> float:
    totals: dict[str, float] = defaultdict(float)
    for (month, _), amount in amounts.items():
        totals[month] += amount[basis]
    return max(totals.values(), default=0.0)


def _order(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


CHART = Chart(
    name="fleet-costs",
    title="Fleet cost by month",
    subject="forecast",
    nothing="This forecast has no fleet that costs anything.",
    draw=_draw,
    lines=True,
)
