"""What was known when: later rows change no earlier answer, and announcements can be taken back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from forecasts.catalog.prices import price_rows_known_at
from forecasts.prices.price import Price
from service.schemas.pricing.price import PriceIn
from tests.forecasts.estates import a_plan, a_price, a_workload, answer, document_bytes

FLASH = "deepseek/deepseek-v4-flash"


def catalogue_rows(model: str) -> list[dict[str, Any]]:
    """All rows of a model that the package has today, whenever they became known."""
    rows = price_rows_known_at(datetime(2026, 11, 23, tzinfo=UTC))
    return [as_row(row) for row in rows if f"{row.provider}/{row.model}" == model]


def as_row(row: Price) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in PriceIn.__struct_fields__}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value) if name == "rate" else value
        for name, value in fields.items()
    }


def flash_year(prices: list[dict[str, Any]], as_of: str) -> dict[str, Any]:
    workload = a_workload(to=[{"model": FLASH, "share": 1}])
    return a_plan(workload, prices=prices, as_of=as_of, horizon={"first_month": "2026-12", "months": 1})


def test_a_forecast_as_of_july_gives_the_same_bytes_after_later_rows_are_recorded() -> None:
    """On 1 July one price was known, 0.28, without an end: the August and September rows change nothing."""
    rows = catalogue_rows(FLASH)
    known = [row | {"effective_to": None} for row in rows if row["recorded_at"] < "2026-07-02"]
    later = [row for row in rows if row["recorded_at"] >= "2026-07-02"]
    assert known
    assert later
    before = flash_year(known, "2026-07-01")
    assert document_bytes(before) == document_bytes(before | {"prices": [*known, *later]})
    assert answer(before)["total"]["effective"]["mean"] == f"{500 * Decimal('0.28'):.2f}"
    assert answer(flash_year(rows, "2026-11-23"))["total"]["effective"]["mean"] == "362.50"


def test_an_announced_rise_counts_from_its_announcement_until_it_is_cancelled() -> None:
    rise = a_price(
        rate="3", effective_from="2027-02-01T00:00:00Z", recorded_at="2026-06-10T00:00:00Z", status="scheduled"
    )
    cancelled = rise | {"status": "cancelled", "recorded_at": "2026-09-10T00:00:00Z"}
    plan = a_plan(prices=[a_price(), rise, cancelled], horizon={"first_month": "2027-01", "months": 2})

    def total(as_of: str) -> str:
        mean: str = answer(plan | {"as_of": as_of})["total"]["effective"]["mean"]
        return mean

    assert total("2026-06-09") == total("2026-09-10") == "2000.00"
    assert total("2026-06-10") == total("2026-09-09") == "2500.00"


def test_what_a_plan_says_of_prices_is_what_a_price_row_can_say() -> None:
    row = catalogue_rows(FLASH)[0]
    assert msgspec.convert(row, PriceIn).provider == "deepseek"
