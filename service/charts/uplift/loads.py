"""What charts of speedups share: the axis of running requests, and the line at which nothing is gained."""

import math
from collections.abc import Sequence

import altair as alt

from service.charts.frame import Frame
from service.charts.layers import rows_drawn

_MOST_TICKS = 12


def concurrency_axis(concurrencies: Sequence[float], title: str, *, margin: float = 1.0) -> alt.X:
    """A logarithmic axis of `concurrency` over these, longer at both ends by a factor."""
    lowest, highest = min(concurrencies) / margin, max(concurrencies) * margin
    return alt.X(
        "concurrency",
        type="quantitative",
        axis=alt.Axis(title=title, format=",~r", values=_ticks(lowest, highest)),
        scale=alt.Scale(type="log", domain=[lowest, highest] if lowest < highest else [lowest / 2, highest * 2]),
    )


def even_line(field: str, frame: Frame) -> alt.Chart:
    """A speedup of 1, below which a decoder loses."""
    line: alt.Chart = rows_drawn([{field: 1.0}]).mark_rule(color=frame.theme.muted, strokeDash=[4, 4])
    return line


def _ticks(lowest: float, highest: float) -> list[float]:
    """Powers of two, as batch sizes are; every second or third of them where they are many."""
    powers = [2.0**power for power in range(math.floor(math.log2(lowest)), math.ceil(math.log2(highest)) + 1)]
    powers = [value for value in powers if lowest <= value <= highest]
    return powers[:: 1 + len(powers) // _MOST_TICKS]
