"""Recorded months are a part of a bridge of their own, and both ends are still those of the forecasts."""

from dataclasses import replace
from decimal import Decimal

from forecasts.actuals import Actual
from forecasts.explain.bridge.bridge import BASES, BridgeSide, bridge
from forecasts.forecast import forecast
from forecasts.plan import Plan
from forecasts.timeline import Month
from tests.forecasts.estates import a_plan, a_workload, read


def recorded(billed: str) -> Plan:
    """Three months at 1,000.00 each, of which January is recorded."""
    plan = read(a_plan(a_workload()))
    actual = Actual(
        month=Month(2027, 1),
        workload="chat",
        route="north/large",
        meter="output",
        unit="1000000 Tokens",
        quantity=500.0,
        currency="USD",
        billed=Decimal(billed),
        effective=Decimal(billed),
    )
    return replace(plan, actuals=(actual,))


def test_what_was_recorded_beyond_the_forecast_is_the_part_of_actuals() -> None:
    """500 million tokens at 2.00 a million were forecast, and 1,234.56 were paid."""
    before, after = read(a_plan(a_workload())), recorded("1234.56")
    found = bridge(BridgeSide(plan=before), BridgeSide(plan=after))
    effective = BASES.index("effective")
    by_part = {name: int(cells[effective].sum()) for name, cells in found.parts.items()}
    assert {name: amount for name, amount in by_part.items() if amount} == {"actuals": 23456}
    assert int(found.after[effective].sum()) == forecast(after).total.effective.mean == 323456
