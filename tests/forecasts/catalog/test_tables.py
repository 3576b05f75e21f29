"""The other packaged tables: complete, with their sources, and in the units that their loaders promise."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from forecasts.catalog.accelerators import load_accelerator_prices, load_accelerators
from forecasts.catalog.decoders import load_decoders
from forecasts.catalog.frontiers import load_frontiers
from forecasts.catalog.holidays import holiday_calendars, load_holidays
from forecasts.catalog.lengths import load_output_lengths
from forecasts.catalog.models import find_served_model, load_models
from forecasts.catalog.prices import load_price_rows
from forecasts.catalog.profiles import hourly_profile_names, load_hourly_profile, load_hourly_profile_sources
from forecasts.catalog.version import CATALOG_VERSION
from forecasts.catalog.windows import load_utc_windows

PRESETS = [
    "none",
    "headline",
    "ngram",
    "draft-model",
    "mtp-1",
    "mtp-3",
    "mtp-3-reused",
    "eagle3",
    "dflash",
    "dspark",
    "dspark-v4-flash",
    "dspark-v4-pro",
    "unsloth-mtp",
    "gemma-mtp",
    "measured",
]


def test_every_row_of_every_table_has_a_source_and_a_date_basis() -> None:
    assert all(row.source and row.date_basis for row in load_models())
    assert all(row.source and row.date_basis for row in load_accelerators())
    assert all(row.source and row.date_basis for row in load_accelerator_prices())
    assert all(row.source and row.date_basis for row in load_decoders())
    assert all(curve.source and curve.date_basis for curve in load_frontiers().values())
    assert all(row.source and row.date_basis for row in load_hourly_profile_sources())
    assert all(row.source and row.date_basis for row in load_utc_windows())
    assert all(row.source and row.date_basis for row in load_holidays())
    assert all(row.source and row.date_basis for row in load_output_lengths())


def test_china_s_holidays_are_the_announced_days_of_2026_and_the_statutory_ones_of_2027() -> None:
    """33 days off in 2026; the law names 13 for every year, and the notice of 2027 may add to them."""
    days = holiday_calendars()["CN"]
    assert len(days) == len(set(days)) == 46
    assert {year: sum(day.year == year for day in days) for year in (2026, 2027)} == {2026: 33, 2027: 13}
    assert {row.date_basis for row in load_holidays() if row.day.year == 2027} == {"statute"}


def test_every_priced_model_is_listed_once() -> None:
    listed = [(model.provider, model.model) for model in load_models()]
    assert len(listed) == len(set(listed))
    assert {(row.provider, row.model) for row in load_price_rows()} == {
        (model.provider, model.model) for model in load_models() if model.kind in {"sku", "alias"}
    }


def test_v4_pro_does_not_fit_eight_h100() -> None:
    model = find_served_model("deepseek-v4-pro")
    memory_gb = {row.name: row.memory_gb for row in load_accelerators()}["h100-sxm-80gb"]
    assert model is not None
    assert model.weight_bytes_gb == 800
    assert (model.total_params_b, model.active_params_b) == (1600, 49)
    assert model.weight_bytes_gb > 8 * memory_gb


def test_a_model_that_nobody_lists_is_not_found() -> None:
    assert find_served_model("no-such-model") is None


def test_priced_accelerators_exist_and_no_quote_is_lost() -> None:
    known = {row.name for row in load_accelerators()}
    assert {row.accelerator for row in load_accelerator_prices()} <= known
    assert min(row.usd_per_gpu_hour for row in load_accelerator_prices()) > 0
    with files("forecasts.catalog").joinpath("accelerator_prices_remainder.csv").open(encoding="utf-8") as stream:
        remainder = list(csv.DictReader(stream))
    with files("forecasts.catalog").joinpath("sources/gpu_prices.csv").open(encoding="utf-8") as stream:
        quotes = list(csv.DictReader(stream))
    assert len(load_accelerator_prices()) + len(remainder) == len(quotes)
    assert {row["gpu"] for row in remainder} == {"A100"}


def test_all_decoder_presets_are_there_with_ordered_ranges() -> None:
    assert [row.preset for row in load_decoders()] == PRESETS
    for row in load_decoders():
        for values in (row.first_acceptance, row.speedup):
            assert values is None or 0 < values.low <= values.mode <= values.high, row
        assert row.first_acceptance is None or row.first_acceptance.high < 1, row


def test_profiles_have_168_hours_and_mean_1() -> None:
    assert "flat" in hourly_profile_names()
    for name in hourly_profile_names():
        profile = load_hourly_profile(name)
        assert profile.shape == (168,)
        assert profile.min() > 0
        assert profile.mean() == pytest.approx(1, abs=1e-12)
        assert not profile.flags.writeable


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("flat", 1, 1),
        ("azure2024_conv_week", 1.64, 1.66),
        ("servegen_m-large", 1.6, 1.9),
        ("servegen_m-mid", 1.5, 1.9),
        ("burstgpt1", 1.8, 1.9),
    ],
)
def test_peaks_are_as_high_as_measured(name: str, low: float, high: float) -> None:
    assert low <= load_hourly_profile(name).max() <= high
    source = {row.profile: row for row in load_hourly_profile_sources()}[name]
    assert source.peak_to_mean == pytest.approx(load_hourly_profile(name).max(), abs=1e-3)
    assert source.peak_to_mean_unfolded >= source.peak_to_mean - 1e-4


def test_the_conversation_week_starts_on_monday_and_is_quiet_on_sunday() -> None:
    days = load_hourly_profile("azure2024_conv_week").reshape(7, 24).mean(axis=1)
    assert set(np.argsort(days)[:2]) == {5, 6}


def test_v4_flash_has_daily_peak_hours_that_shrink_to_weekdays() -> None:
    windows = {(row.model, str(row.starts)): row.hours for row in load_utc_windows()}
    daily = windows["deepseek-v4-flash", "2026-08-16"]
    weekdays = windows["deepseek-v4-flash", "2026-09-10"]
    assert np.flatnonzero(daily[-24:]).tolist() == [1, 2, 3, 6, 7, 8, 9]
    assert np.flatnonzero(weekdays[:24]).tolist() == [1, 2, 3, 6, 7, 8, 9]
    assert not weekdays[5 * 24 :].any()
    assert np.array_equal(windows["deepseek-v4-pro", "2026-08-16"], daily)


def test_histograms_add_up_to_all_requests() -> None:
    assert {row.trace for row in load_output_lengths()} >= {"azure2023_conv", "servegen_m-large", "servegen_m-mid"}
    for row in load_output_lengths():
        assert sum(bin_.share for bin_ in row.bins) == pytest.approx(1, abs=1e-3), row.trace
        assert all(bin_.tokens_from < bin_.tokens_to for bin_ in row.bins)


def test_the_catalogue_has_a_version() -> None:
    assert len(CATALOG_VERSION) == 16
