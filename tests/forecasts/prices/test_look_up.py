"""Single prices by two clocks."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from forecasts.catalog.prices import load_price_rows
from forecasts.prices.in_force.look_up import PriceLookUp
from forecasts.prices.price import Price


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "known_at", "rates"),
    [
        ("2026-07-01", "2026-07-01", {None: "0.28"}),
        ("2026-08-20", "2026-08-20", {"off_peak": "0.66", "peak": "1.32"}),
        ("2026-09-15", "2026-11-23", {"off_peak": "0.60", "peak": "1.20"}),
        ("2026-09-15", "2026-08-20", {"off_peak": "0.66", "peak": "1.32"}),
        ("2020-01-01", "2026-11-23", {}),
        ("2026-07-01", "2020-01-01", {}),
    ],
)
def test_v4_flash_by_both_clocks(moment: str, known_at: str, rates: dict[str | None, str]) -> None:
    book = PriceLookUp(load_price_rows())
    found = book.at("deepseek", "deepseek-v4-flash", "output", day(moment), known_at=day(known_at))
    assert {row.utc_window: row.rate for row in found} == {window: Decimal(rate) for window, rate in rates.items()}


def test_a_meter_without_a_price_is_looked_up_as_what_it_is_billed_as() -> None:
    rows = [
        Price(
            provider="north",
            model="large",
            meter="input",
            rate=Decimal(rate),
            prompt_tokens_from=band,
            effective_from=day("2026-01-01"),
            recorded_at=day("2026-01-01"),
        )
        for rate, band in (("1", 0), ("2", 200_000))
    ]
    book = PriceLookUp(rows)
    now = day("2026-06-01")
    assert [row.rate for row in book.at("north", "large", "cached_input", now, known_at=now)] == [1]
    assert [row.rate for row in book.at("north", "large", "input", now, known_at=now, prompt_tokens=200_000)] == [2]
    assert book.at("north", "large", "output", now, known_at=now) == ()
    assert book.at("north", "small", "output", now, known_at=now) == ()
