"""The packaged price history holds every first-party model of its source, without contradictions."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pytest

from forecasts.catalog.prices import CatalogPrice, load_price_rows, price_rows_known_at
from forecasts.prices.price import METERS, SERVICE_TIERS, STATUSES, UTC_WINDOWS

FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
METER_COLUMNS = {
    "input": "input_usd_per_mtok",
    "cached_input": "cached_input_usd_per_mtok",
    "cache_write": "cache_write_usd_per_mtok",
    "output": "output_usd_per_mtok",
}


def source_rows() -> list[dict[str, str]]:
    with files("forecasts.catalog").joinpath("sources/price_history.csv").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["scope"] == "first_party"]


def in_force(
    model: str, meter: str, at: datetime, rows: tuple[CatalogPrice, ...] | None = None
) -> dict[str | None, Decimal]:
    """Standard rates by UTC window at an instant."""
    rates: dict[str | None, Decimal] = {}
    for row in sorted(rows or load_price_rows(), key=lambda row: row.effective_from):
        if (
            (row.model, row.meter, row.service_tier) == (model, meter, "standard")
            and row.effective_from <= at
            and (row.effective_to is None or at < row.effective_to)
        ):
            rates[row.utc_window] = row.rate
    return rates


@pytest.mark.parametrize(
    ("at", "rates"),
    [
        (datetime(2026, 7, 1, tzinfo=UTC), {None: "0.28"}),
        (datetime(2026, 8, 16, 15, 59, tzinfo=UTC), {None: "0.28"}),
        (datetime(2026, 8, 16, 16, tzinfo=UTC), {"off_peak": "0.66", "peak": "1.32"}),
        (datetime(2026, 8, 20, tzinfo=UTC), {"off_peak": "0.66", "peak": "1.32"}),
        (datetime(2026, 9, 15, tzinfo=UTC), {"off_peak": "0.60", "peak": "1.20"}),
    ],
)
def test_v4_flash_output_follows_its_price_history(at: datetime, rates: dict[str | None, str]) -> None:
    assert in_force("deepseek-v4-flash", "output", at) == {window: Decimal(rate) for window, rate in rates.items()}


def test_v4_pro_output_is_1_98_off_peak_and_3_96_at_the_peak_in_november() -> None:
    rates = in_force("deepseek-v4-pro", "output", datetime(2026, 11, 23, tzinfo=UTC))
    assert rates == {"off_peak": Decimal("1.98"), "peak": Decimal("3.96")}


def test_an_earlier_instant_sees_neither_later_prices_nor_ends_that_were_not_yet_known() -> None:
    known = price_rows_known_at(datetime(2026, 7, 1, tzinfo=UTC))
    assert in_force("deepseek-v4-flash", "output", datetime(2026, 12, 1, tzinfo=UTC), known) == {None: Decimal("0.28")}
    assert max(row.recorded_at for row in known) <= datetime(2026, 7, 1, tzinfo=UTC)


def test_every_rate_of_every_first_party_row_is_in_the_catalogue() -> None:
    catalogued = {(row.provider, row.model, row.meter, row.rate) for row in load_price_rows()}
    declared = {
        (row["provider"], row["model"].removesuffix("#peak"), meter, Decimal(row[column]))
        for row in source_rows()
        for meter, column in METER_COLUMNS.items()
        if row[column]
    }
    assert declared - catalogued == set()
    assert len({(provider, model) for provider, model, _, _ in declared}) == 182


def test_no_two_rows_of_the_same_conditions_are_in_force_at_once() -> None:
    histories: dict[tuple[object, ...], list[CatalogPrice]] = defaultdict(list)
    for row in load_price_rows():
        condition = (row.service_tier, row.prompt_tokens_from, row.region, row.currency)
        histories[row.provider, row.model, row.meter, row.utc_window, *condition].append(row)
    for key, rows in histories.items():
        starts = sorted(row.effective_from for row in rows)
        assert len(set(starts)) == len(starts), key
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.effective_from)):
            assert earlier.effective_to is None or earlier.effective_to <= later.effective_from, key
        for row in rows:
            assert row.effective_from < (row.effective_to or FAR_FUTURE), key


def test_a_price_for_all_hours_has_ended_when_peak_prices_begin() -> None:
    histories: dict[tuple[str, ...], list[CatalogPrice]] = defaultdict(list)
    for row in load_price_rows():
        histories[row.provider, row.model, row.meter, row.service_tier].append(row)
    windowed = {key: rows for key, rows in histories.items() if any(row.utc_window for row in rows)}
    assert {model for _, model, _, _ in windowed} == {"deepseek-v4-flash", "deepseek-v4-pro", "deepseek-flash"}
    for key, rows in windowed.items():
        begins = min(row.effective_from for row in rows if row.utc_window)
        all_hours = [row for row in rows if row.utc_window is None]
        last = max(all_hours, key=lambda row: row.effective_from, default=None)
        assert last is None or last.effective_to == begins, key


def test_every_row_says_where_it_is_from_and_uses_the_words_of_the_domain() -> None:
    for row in load_price_rows():
        assert row.source, row
        assert row.date_basis in {"announced", "launch", "commit<=", "dataset", "recalled"}, row
        assert row.meter in METERS, row
        assert row.service_tier in SERVICE_TIERS, row
        assert row.status in STATUSES, row
        assert row.utc_window is None or row.utc_window in UTC_WINDOWS, row
        assert row.effective_from.tzinfo is not None, row


def test_rates_are_positive_but_for_cache_writes_that_a_provider_gives_away() -> None:
    free = {(row.provider, row.meter) for row in load_price_rows() if row.rate == 0}
    assert free == {("zai", "cache_write")}
    assert min(row.rate for row in load_price_rows()) == 0


def test_recalled_dates_are_labelled_unverified() -> None:
    recalled = [row for row in load_price_rows() if row.date_basis == "recalled"]
    assert recalled
    assert [row for row in recalled if "unverified" not in row.note] == []


def test_batch_rows_are_half_of_their_standard_row() -> None:
    standard = {
        (row.provider, row.model, row.meter, row.effective_from): row.rate
        for row in load_price_rows()
        if row.service_tier == "standard"
    }
    batch = [row for row in load_price_rows() if row.service_tier == "batch"]
    assert batch
    for row in batch:
        assert row.rate * 2 == standard[row.provider, row.model, row.meter, row.effective_from], row
        assert "derived: batch discount 0.5" in row.note


def test_a_price_is_recorded_when_it_was_announced_or_first_observed_and_never_when_it_was_packaged() -> None:
    """All bases of the history name the day of the announcement, the launch or the observation as the start."""
    differing = [row for row in load_price_rows() if row.recorded_at != row.effective_from]
    assert all(row.recorded_at < row.effective_from for row in differing)
    # Beside what is scheduled, DeepSeek's prices of September 2025 were announced eleven days ahead.
    assert {row.model for row in differing if row.status != "scheduled"} == {"deepseek-chat", "deepseek-reasoner"}
    assert len({row.recorded_at for row in load_price_rows()}) > 100


def test_scheduled_prices_are_known_before_they_take_effect() -> None:
    scheduled = [row for row in load_price_rows() if row.status == "scheduled"]
    assert {row.model for row in scheduled} == {
        "gemini-3.6-flash",
        "gemini-3.7-flash",
        "gemini-3.8-flash",
        "gemini-4-argon",
    }
    assert all(row.recorded_at < row.effective_from for row in scheduled)
