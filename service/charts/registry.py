"""Every chart by its name, and the one way to draw it."""

from collections.abc import Mapping

from service.charts import bridge
from service.charts.chart import Chart, Document, Subject
from service.charts.figure import empty_figure, figure
from service.charts.forecast import break_even, fleet_costs, fleet_nodes, fleet_unit_cost, months, outlooks, tornado
from service.charts.frame import Frame
from service.charts.hardware import ranking, unit_cost
from service.charts.prices import backtest, history
from service.charts.rendering import Spec
from service.charts.uplift import serving, speedup

CHARTS: Mapping[str, Chart] = {
    chart.name: chart
    for chart in (
        months.CHART,
        fleet_nodes.CHART,
        fleet_unit_cost.CHART,
        fleet_costs.CHART,
        break_even.CHART,
        outlooks.CHART,
        tornado.CHART,
        speedup.CHART,
        serving.CHART,
        history.CHART,
        backtest.CHART,
        unit_cost.CHART,
        ranking.CHART,
        bridge.CHART,
    )
}


def names_of(subject: Subject) -> tuple[str, ...]:
    return tuple(name for name, chart in CHARTS.items() if chart.subject == subject)


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
