"""What a chart is: a name, the kind of document it is drawn from, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from service.charts.frame import Frame
from service.charts.layers import Panel

Document = Mapping[str, Any]
Subject = Literal["forecast", "budget", "uplift", "decoder", "price_history", "backtest", "fleet_comparison", "bridge"]
Grouping = Literal["workload", "provider", "kind", "cost_center"]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart before it gets its frame: what it shows, in words and in one panel that may hold several.

    A frame lower than `least_height` grows to it.
    """

    panel: Panel
    title: str
    lines: tuple[str, ...] = ()
    least_height: int = 0


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`draw` answers None where the document has nothing to show, and the picture then says `nothing`.

    `months_by` is the grouping of a forecast's months that the document must hold under that key and name, and
    `lines` says that it must hold the forecast's lines: both are left out where no chart asks for them.
    """

    name: str
    title: str
    subject: Subject
    nothing: str
    draw: Callable[[Document, Frame], Drawing | None]
    months_by: Grouping | None = None
    lines: bool = False
