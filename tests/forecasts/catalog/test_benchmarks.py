"""The packaged benchmarks: no row is lost, and the traps of their sources are disarmed."""

import csv
from collections import Counter
from importlib.resources import files

import pytest

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.benchmarks import DISAGGREGATED, Benchmark, load_benchmarks


def table(name: str) -> list[dict[str, str]]:
    with files("forecasts.catalog").joinpath(name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def only(**fields: object) -> Benchmark:
    found = [row for row in load_benchmarks() if all(getattr(row, name) == value for name, value in fields.items())]
    assert len(found) == 1, found
    return found[0]


def test_every_measured_row_is_in_the_table_or_kept_apart_with_the_reason() -> None:
    apart = table("fleet_benchmarks_remainder.csv")
    assert len(load_benchmarks()) + len(apart) == len(table("sources/fleet_benchmarks.csv"))
    assert all(row["why"] for row in apart)
    mlperf = [row for row in apart if row["source"].startswith("MLPerf")]
    assert len(mlperf) == 346
    assert {row["why"] for row in mlperf} == {"states no lengths and no concurrency and no total throughput"}


def test_every_row_has_its_source_and_a_known_accelerator() -> None:
    known = {row.name for row in load_accelerators()}
    assert {row.accelerator for row in load_benchmarks()} <= known
    assert all(row.source and row.date_basis and row.engine and row.precision for row in load_benchmarks())


def test_output_of_a_disaggregated_run_is_spread_over_all_its_gpus() -> None:
    # GB200, Dynamo with TensorRT-LLM, 4 prefill and 32 decode GPUs: the source has 94.89 output tokens a second per
    # decode GPU and a total of 169.07 per GPU, half of which is output at 1,024 tokens in and 1,024 out.
    row = only(accelerator="gb200-186gb", gpus=36, concurrency=24.0, total_tokens_per_second_per_gpu=169.07)
    assert row.serving == DISAGGREGATED
    assert row.output_tokens_per_second_per_gpu == pytest.approx(94.89 * 32 / 36, abs=0.005)
    assert row.output_tokens_per_second_per_gpu == pytest.approx(169.07 / 2, rel=0.03)


def test_output_and_total_agree_with_the_lengths_in_every_row() -> None:
    for row in load_benchmarks():
        share = row.output_tokens / (row.input_tokens + row.output_tokens)
        assert row.output_tokens_per_second_per_gpu == pytest.approx(
            row.total_tokens_per_second_per_gpu * share, rel=0.031, abs=0.006
        ), row


def test_no_run_yields_more_than_its_requests_at_their_speed() -> None:
    for row in load_benchmarks():
        if row.tokens_per_second_per_user is not None:
            most = row.concurrency * row.tokens_per_second_per_user
            assert row.output_tokens_per_second_per_gpu * row.gpus <= most / 0.75, row


def test_eight_gpus_counted_as_sixty_four_are_eight() -> None:
    # H200, TensorRT-LLM, 2025-12-08: 31.78 output tokens a second per GPU from 4 requests at 66.59 each.
    row = only(
        accelerator="h200-sxm-141gb", engine="tensorrt-llm", concurrency=4.0, output_tokens_per_second_per_gpu=31.78
    )
    assert round(4 * 66.59 / 31.78) == row.gpus == 8
    assert row.note == "64 GPUs stated; concurrency and speed say 8"


def test_quoted_prices_are_the_rate_over_all_tokens() -> None:
    quoted = [row for row in load_benchmarks() if row.quoted_usd_per_mtok is not None]
    assert len(quoted) == 118
    # B200, Kimi K2 in NVFP4 at 32 requests: $0.169 by the source, of 3,202.7 tokens a second at $1.95 an hour.
    row = only(model="kimi-k2", accelerator="b200-180gb", precision="fp4", concurrency=32.0)
    assert (row.quoted_usd_per_mtok, row.quoted_usd_per_gpu_hour) == (0.169, 1.95)
    for row in quoted:
        rate, quote = row.quoted_usd_per_gpu_hour or 0.0, row.quoted_usd_per_mtok or 0.0
        # Quotes have two or three decimals.
        assert rate / (0.0036 * row.total_tokens_per_second_per_gpu) == pytest.approx(quote, abs=0.0075, rel=0.01), row


def test_the_accelerators_of_the_comparison_are_measured_on_one_model() -> None:
    measured = Counter(row.accelerator for row in load_benchmarks() if row.model == "deepseek-r1-0528")
    assert set(measured) >= {
        "h100-sxm-80gb",
        "h200-sxm-141gb",
        "b200-180gb",
        "gb200-186gb",
        "mi300x-192gb",
        "mi325x-256gb",
        "mi355x-288gb",
    }
