"""A worker whose kernel takes as long as its snapshot says: `{"seconds": 1.5, "outcome": "succeed"}`."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec

from service.settings import read_settings
from service.store.lines import BudgetLine
from workers.composition import make_app

_STEPS_PER_SECOND = 50


@dataclass(frozen=True)
class SlowResult:
    """A budget of as many lines as there were asked for."""

    document: bytes
    lines: list[BudgetLine]
    basis: str = "effective"
    confidence: Decimal = Decimal("0.8")
    amount: Decimal = Decimal("120.00")
    expected: Decimal = Decimal("100.00")
    contingency: Decimal = Decimal("20.00")
    currency: str = field(default="USD")


def slow_compute(snapshot: bytes, *, report: Callable[[float], None]) -> SlowResult:
    """Sleeps in small steps and reports after each; tells by a file that it has begun, and which process it is."""
    asked = msgspec.json.decode(snapshot)
    if path := asked.get("tell"):
        with open(path, "a") as told:  # noqa: PTH123 - one appended line per start, from several processes
            told.write(f"{os.getpid()}\n")
    steps = round(asked.get("seconds", 0) * _STEPS_PER_SECOND)
    for step in range(steps):
        time.sleep(1 / _STEPS_PER_SECOND)
        if asked.get("reports", True):
            report((step + 1) / steps)
    if asked.get("outcome") == "fail":
        raise RuntimeError("the kernel met something it did not expect")
    return SlowResult(document=b'{"total": "100.00"}', lines=[_line(number) for number in range(asked.get("lines", 3))])


def _line(number: int) -> BudgetLine:
    return BudgetLine(
        month=date(2027, 1 + number % 12, 1),
        workload=f"workload-{number}",
        cost_center=None,
        gl_account="6420",
        route="deepseek/deepseek-v4-pro",
        kind="usage",
        meter="output",
        quantity=Decimal(1000),
        unit="tokens",
        unit_price=Decimal("0.00000198"),
        billed=Decimal("33.33"),
        effective=Decimal("33.33"),
        currency="USD",
    )


app = make_app(read_settings(), slow_compute)
