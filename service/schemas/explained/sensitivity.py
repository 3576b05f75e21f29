"""What moves a forecast's total, on the wire."""

import msgspec

from forecasts.explain.sensitivity.sensitivity import Sensitivity
from forecasts.money import format_minor


class DriverOut(msgspec.Struct, kw_only=True, frozen=True):
    """The horizon's total where one driver alone varies, on the budget's basis; the others are at their medians.

    `name` is a workload, a provider, a model or a preset, or says that it is all workloads or the other ones.
    """

    kind: str
    name: str
    p10: str
    p90: str
    central: str
    share_of_variance: float


def drivers_out(found: Sensitivity, digits: int) -> tuple[DriverOut, ...]:
    return tuple(
        DriverOut(
            kind=one.driver.kind,
            name=one.driver.name,
            p10=format_minor(one.low, digits),
            p90=format_minor(one.high, digits),
            central=format_minor(found.central, digits),
            share_of_variance=round(one.share_of_variance, 6),
        )
        for one in found.effects
    )
