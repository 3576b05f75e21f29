"""What moves the total, the widest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.wording.drivers import driver_words

MOST_DRIVERS = 20


@dataclass(frozen=True, kw_only=True)
class DriverRow:
    """The total where this driver alone varies; `swing` is from its P10 to its P90."""

    words: str
    p10: str
    p90: str
    swing: Decimal
    share_of_variance: float


def driver_rows(document: Mapping[str, Any]) -> list[DriverRow]:
    return [
        DriverRow(
            words=driver_words(one["kind"], one["name"]),
            p10=one["p10"],
            p90=one["p90"],
            swing=abs(Decimal(one["p90"]) - Decimal(one["p10"])),
            share_of_variance=one["share_of_variance"],
        )
        for one in document.get("sensitivity", ())[:MOST_DRIVERS]
    ]
