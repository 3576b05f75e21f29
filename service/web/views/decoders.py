"""Which charts of a decoder have anything in them."""

from dataclasses import dataclass

from forecasts.explain.preset_measurements import PresetMeasurements


@dataclass(frozen=True, kw_only=True)
class DecoderChart:
    """One chart of a decoder: the name of its picture, and what it shows."""

    name: str
    by: str


def charts_with_points(measured: PresetMeasurements) -> list[DecoderChart]:
    """Those with a point or a curve to draw; none of a decoder that nobody measured."""
    by_speed = measured.by_user_speed or any(point.tokens_per_second_per_user is not None for point in measured.points)
    charts = [
        (DecoderChart(name="speedup_by_concurrency", by="concurrency"), measured.by_concurrency or measured.points),
        (DecoderChart(name="speedup_by_user_speed", by="the speed that one user sees"), by_speed),
    ]
    return [chart for chart, drawn in charts if drawn]
