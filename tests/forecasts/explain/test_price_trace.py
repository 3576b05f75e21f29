"""A usage line's rate leads back to the rows it was made of, and they add up to it."""

from typing import Any

import pytest

from forecasts.explain.price_trace import UsageTrace, api_routes_of, trace_usage
from forecasts.timeline import Month
from tests.forecasts import estates


def _trace(month: str, meter: str = "output", **plan: Any) -> UsageTrace:
    read = estates.read(estates.a_plan(calendar="actual", **plan))
    [workload] = read.workloads
    [route] = api_routes_of(read, workload).values()
    return trace_usage(read, workload, route, meter, Month.parse(month))


def test_a_price_that_changes_within_a_month_is_traced_to_both_rows_by_their_days() -> None:
    rows = [
        estates.a_price(meter="input", rate="0.50"),
        estates.a_price(rate="2.00"),
        estates.a_price(rate="1.00", effective_from="2027-01-11T00:00:00Z"),
    ]
    found = _trace("2027-01", prices=rows)
    assert {used.index: used.share_fraction for used in found.prices} == {
        1: pytest.approx(10 / 31),
        2: pytest.approx(21 / 31),
    }
    assert {used.index: used.rate_per_unit for used in found.prices} == {
        1: pytest.approx(2e-6),
        2: pytest.approx(1e-6),
    }
    assert [used.index for used in _trace("2027-02", prices=rows).prices] == [2]


def test_an_outlook_without_scheduled_steps_is_traced_to_the_row_of_the_plans_day() -> None:
    rows = [
        estates.a_price(meter="input", rate="0.50"),
        estates.a_price(rate="2.00", effective_to="2027-02-01T00:00:00Z"),
        estates.a_price(rate="1.00", effective_from="2027-02-01T00:00:00Z"),
    ]
    frozen = [{"outlook": "hold", "scheduled_steps": False}]
    assert [used.index for used in _trace("2027-03", prices=rows, outlooks=frozen).prices] == [1]
    assert [used.index for used in _trace("2027-03", prices=rows).prices] == [2]


def test_an_outlook_on_output_alone_moves_no_input() -> None:
    assert _trace("2027-01", outlooks=None).moves_rate
    assert not _trace("2027-01", "input", outlooks=None).moves_rate
