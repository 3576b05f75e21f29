"""Everything that a provider counts: cache writes by lifetime, reasoning, requests, images and audio."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from forecasts.prices.price import BILLED_AS, METERS
from service.schemas.pricing.price import Meter
from service.schemas.workload.workload import OtherMeter
from tests.forecasts.estates import LARGE, a_plan, a_price, a_workload, budget_of, pointers

MONTH = {"horizon": {"first_month": "2027-01", "months": 1}}


def metered(prices: list[dict[str, Any]], **demand: Any) -> dict[str, tuple[Decimal, str]]:
    """January's cost and unit by meter for one million requests."""
    budget = budget_of(a_plan(a_workload(**{"output_tokens_per_request": 0} | demand), prices=prices, **MONTH))
    cells = budget.lines.effective.sum(axis=1).tolist()
    return {one.meter: (Decimal(cell) / 100, one.unit) for one, cell in zip(budget.lines.series, cells, strict=True)}


def test_the_wire_knows_the_meters_of_the_domain() -> None:
    assert msgspec.inspect.type_info(Meter).values == tuple(sorted(METERS))  # type: ignore[attr-defined]
    assert set(msgspec.inspect.type_info(OtherMeter).values) < set(METERS)  # type: ignore[attr-defined]
    assert {stand_in for chain in BILLED_AS.values() for stand_in in chain} < set(METERS)


def test_cache_writes_are_priced_by_their_lifetime() -> None:
    """Of 1,000 input tokens 600 are written, a quarter of them for an hour: 450 at 3.75 and 150 at 6.00."""
    prices = [a_price(LARGE, meter, rate) for meter, rate in
              (("input", "3"), ("cache_write", "3.75"), ("cache_write_1h", "6"))]  # fmt: skip
    demand = {
        "input_tokens_per_request": 1000,
        "cache_write_fraction": 0.6,
        "long_lived_cache_write_fraction": 0.25,
    }
    cost = {meter: amount for meter, (amount, _) in metered(prices, **demand).items()}
    assert cost == {"input": Decimal(1200), "cache_write": Decimal("1687.5"), "cache_write_1h": Decimal(900)}
    without = {meter: amount for meter, (amount, _) in metered(prices[:2], **demand).items()}
    assert without["cache_write_1h"] == Decimal("562.5")


def test_reasoning_is_output_unless_it_has_a_price_of_its_own() -> None:
    demand = {"output_tokens_per_request": 500, "reasoning_fraction": 0.4}
    assert metered([a_price()], **demand) == {"output": (Decimal(1000), "1000000 Tokens")}
    apart = metered([a_price(), a_price(LARGE, "reasoning_output", "3")], **demand)
    assert {meter: amount for meter, (amount, _) in apart.items()} == {
        "output": Decimal(600),
        "reasoning_output": Decimal(600),
    }


def test_requests_and_images_are_priced_each() -> None:
    prices = [
        a_price(),
        a_price(LARGE, "request", "0.005"),
        a_price(LARGE, "image", "0.01"),
        a_price(LARGE, "audio_input", "40"),
    ]
    demand = {"output_tokens_per_request": 500, "other_units_per_request": {"image": 0.5, "audio_input": 25}}
    assert metered(prices, **demand) == {
        "output": (Decimal(1000), "1000000 Tokens"),
        "request": (Decimal(5000), "Requests"),
        "image": (Decimal(5000), "Images"),
        "audio_input": (Decimal(1000), "1000000 Tokens"),
    }


def test_a_meter_without_any_price_is_refused_and_not_taken_for_text() -> None:
    workload = a_workload(other_units_per_request={"audio_input": 25})
    assert pointers(a_plan(workload, prices=[a_price(), a_price(LARGE, "input")])) == [
        "/workloads/0/routes/0/to/0/model"
    ]


@pytest.mark.parametrize("count", [-1, 1e300])
def test_a_count_of_units_that_cannot_be_is_told_by_its_meter(count: float) -> None:
    workload = a_workload(other_units_per_request={"image": count})
    assert pointers(a_plan(workload)) == ["/workloads/0/demand/other_units_per_request/image"]
