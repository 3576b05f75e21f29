"""Break-even on the wire: when a workload is cheaper on its own fleet than on the API route it is compared with."""

import msgspec

from forecasts.explain.break_even.answers import BreakEven


class BreakEvenMonthOut(msgspec.Struct, kw_only=True, frozen=True):
    """`probability` is the share of sample paths on which the fleet is cheaper in this month.

    `turning_tokens` are the output tokens a month from which the fleet is cheaper on average, null where no volume
    makes it so. Both are given with the fleet's decoder and without it; without is null for a fleet that has none.
    """

    month: str
    probability: float
    probability_without_decoder: float | None
    turning_tokens: float | None
    turning_tokens_without_decoder: float | None


class BreakEvenCostOut(msgspec.Struct, kw_only=True, frozen=True):
    """A point of the curve and a row of the table: means over the horizon, per million output tokens."""

    utilization_fraction: float
    usd_per_mtok_fleet: str
    usd_per_mtok_fleet_without_decoder: str | None
    usd_per_mtok_api: str


class BreakEvenOut(msgspec.Struct, kw_only=True, frozen=True):
    """`compare_to` is `provider/model`; `utilization_fraction` the mean that the fleet really reaches.

    `curve` rises in utilisation and holds at least 0.05, 0.25, 0.5 and 1.
    """

    workload: str
    fleet: str
    compare_to: str
    utilization_fraction: float
    usd_per_mtok_fleet: str
    usd_per_mtok_api: str
    months: tuple[BreakEvenMonthOut, ...]
    curve: tuple[BreakEvenCostOut, ...]


def break_even_out(one: BreakEven) -> BreakEvenOut:
    return BreakEvenOut(
        workload=one.workload,
        fleet=one.fleet,
        compare_to=str(one.compare_to),
        utilization_fraction=round(one.utilization_fraction, 6),
        usd_per_mtok_fleet=_unit_cost(one.usd_per_mtok_fleet),
        usd_per_mtok_api=_unit_cost(one.usd_per_mtok_api),
        months=tuple(
            BreakEvenMonthOut(
                month=str(month.month),
                probability=month.probability,
                probability_without_decoder=month.probability_without_decoder,
                turning_tokens=_tokens(month.turning_tokens),
                turning_tokens_without_decoder=_tokens(month.turning_tokens_without_decoder),
            )
            for month in one.months
        ),
        curve=tuple(
            BreakEvenCostOut(
                utilization_fraction=point.utilization_fraction,
                usd_per_mtok_fleet=_unit_cost(point.usd_per_mtok_fleet),
                usd_per_mtok_fleet_without_decoder=None
                if point.usd_per_mtok_fleet_without_decoder is None
                else _unit_cost(point.usd_per_mtok_fleet_without_decoder),
                usd_per_mtok_api=_unit_cost(point.usd_per_mtok_api),
            )
            for point in one.curve
        ),
    )


def _unit_cost(value: float) -> str:
    return f"{value:.4f}"


def _tokens(value: float | None) -> float | None:
    return None if value is None else round(value)
