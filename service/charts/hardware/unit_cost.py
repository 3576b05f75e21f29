"""`hardware-unit-cost`: what a million output tokens of one workload costs on each accelerator, and at which rate."""

from collections.abc import Iterator
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_number, as_text
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_SERVED = "At the workload's own utilisation"
_FULL = "At full load"
_RATE = "rate"
_FIELDS = {_SERVED: "usd_per_mtok_served", _FULL: "usd_per_mtok_full_load"}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    options = document["options"]
    if not options:
        return None
    theme = frame.theme
    sign = currency_sign(frame.currency)
    rates = [_rate(option, sign) for option in options]
    bars = [row | {"rate": rate["rate"]} for option, rate in zip(options, rates, strict=True) for row in _bars(option)]
    legend = Legend({_SERVED: theme.main, _FULL: theme.quiet}, columns=1 if frame.narrow else 2)
    y = alt.Y(
        "accelerator",
        type="nominal",
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelColor=theme.text, labelLimit=frame.width / 3),
    )
    highest = max(row["unit_cost"] for row in bars)
    x = alt.X(
        "unit_cost",
        type="quantitative",
        axis=alt.Axis(
            title=f"{frame.currency} per million output tokens",
            format="$,.2f" if highest >= 1 else "$,.3~f",
            grid=True,
            tickCount=3 if frame.narrow else 7,
        ),
        # Room for the figures behind the longest bar.
        scale=alt.Scale(domain=[0, highest * 1.2]),
    )
    slot = alt.YOffset("load", type="nominal", sort=None, scale=alt.Scale(domain=[*_FIELDS, _RATE], paddingInner=0.08))
    base = rows_drawn(bars).encode(y=y, yOffset=slot)
    tooltip = [
        as_text("accelerator", "Accelerator"),
        as_text("load", "Cost"),
        as_money("unit_cost", "Per million tokens", digits=4),
        as_number("gpus", "GPUs", ",.0f"),
        as_text("rate", "Rate"),
    ]
    figures = base.mark_text(align="left", dx=5, fontSize=frame.label_size - 2).encode(
        x=x, text=alt.Text("unit_cost", type="quantitative", format="$,.3f")
    )
    words = rows_drawn(rates).mark_text(align="left", dx=2, fontSize=frame.label_size - 2)
    words = words.encode(
        y=y, yOffset=slot, x=alt.value(0), text=alt.Text("rate", type="nominal"), color=alt.value(theme.muted)
    )
    panel = layered(
        base.mark_bar().encode(x=x, color=legend.by("load"), tooltip=tooltip),
        figures,
        words,
    )
    return Drawing(
        panel=panel,
        title=f"Cost of {document['workload']['name']} by accelerator",
        lines=tuple(_words(document)),
        least_height=200 + len(options) * frame.label_size * 5,
    )


def _bars(option: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for load, field in _FIELDS.items():
        if option[field] is not None:
            yield {
                "accelerator": option["accelerator"],
                "load": load,
                "unit_cost": amount(option[field]),
                "gpus": option.get("gpus"),
            }


def _rate(option: dict[str, Any], sign: str) -> dict[str, str]:
    rate = option["rate"]
    parts = [f"{sign}{float(rate['usd_per_gpu_hour']):,.2f} per GPU-hour", rate["provider"], rate["date"] or "no date"]
    if rate["stands_in"]:
        # Where the tier that was asked for has no rate, another one is the best evidence there is.
        parts.append(f"{rate['tier']} stands in")
    words = ", ".join(parts)
    return {"accelerator": option["accelerator"], "load": _RATE, "rate": words}


def _words(document: Document) -> Iterator[str]:
    yield f"{document['model']}, rates ({document['tier']}) as of {document['as_of']}, each with its seller and date."
    if missing := [one["accelerator"] for one in document["without_evidence"]]:
        yield f"Without evidence: {', '.join(missing)}."


CHART = Chart(
    name="hardware-unit-cost",
    title="Cost by accelerator",
    subject="fleet_comparison",
    nothing="No accelerator has both a measured throughput and a rate.",
    draw=_draw,
)
