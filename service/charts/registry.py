"""Every chart by its name, and the one way to draw it."""

from collections.abc import Mapping

from service.charts import bridge
from service.charts.budgets import months as budget_months
from service.charts.chart import Chart, Document, Subject
from service.charts.figure import empty_figure, figure
from service.charts.forecast import (
    break_even,
    fleet_costs,
    fleet_nodes,
    fleet_unit_cost,
    months,
    months_by,
    outlooks,
    tornado,
)
from service.charts.frame import Frame
from service.charts.hardware import ranking, unit_cost
from service.charts.prices import backtest, history
from service.charts.rendering import Spec
from service.charts.uplift import presets, serving, speedup

CHARTS: Mapping[str, Chart] = {
    chart.name: chart
    for chart in (
        months.CHART,
        *months_by.CHARTS,
        fleet_nodes.CHART,
        fleet_unit_cost.CHART,
        fleet_costs.CHART,
        break_even.CHART,
        outlooks.CHART,
        tornado.CHART,
        speedup.CHART,
        serving.CHART,
        *presets.CHARTS,
        history.CHART,
        backtest.CHART,
        unit_cost.CHART,
        ranking.CHART,
        bridge.CHART,
        budget_months.CHART,
    )
}


def names_of(subject: Subject) -> tuple[str, ...]:
    return tuple(name for name, chart in CHARTS.items() if chart.subject == subject)


def groupings_of(subject: Subject) -> tuple[str, ...]:
    """The groupings of a document's months that the charts of a kind of document ask for."""
    asked = (CHARTS[name].months_by for name in names_of(subject))
    return tuple(dict.fromkeys(grouping for grouping in asked if grouping is not None))


def draw(name: str, document: Document, frame: Frame) -> Spec:
    """The chart's definition, complete with its data; a picture that says so where there is nothing to show."""
    found = find(name, document, frame)
    chart = CHARTS[name]
    return found if found is not None else empty_figure(frame, title=chart.title, nothing=chart.nothing)


def find(name: str, document: Document, frame: Frame) -> Spec | None:
    """The same, or None where there is nothing to show."""
    chart = CHARTS[name]
    framed = frame.in_currency(document.get("currency", frame.currency))
    drawing = chart.draw(document, framed)
    if drawing is None:
        return None
    return figure(drawing.panel, framed.at_least(drawing.least_height), title=drawing.title, lines=drawing.lines)
