"""A fleet's throughput from a named benchmark: the numbers of its rows, with a note that says which."""

from datetime import date
from typing import Any

import pytest

from forecasts.errors import Findings
from forecasts.hardware.resolve import BenchmarkChoice, ResolvedThroughput, resolve_benchmark


def resolved(
    accelerator: str = "h200-sxm-141gb", *, concurrency: float | None = None, gpus: int = 8, **fields: Any
) -> ResolvedThroughput:
    findings = Findings()
    as_of = fields.pop("as_of", None)
    found = resolve_benchmark(
        BenchmarkChoice(**fields),
        accelerator=accelerator,
        gpus_per_node=gpus,
        findings=findings,
        at="",
        concurrency_per_node=concurrency,
        as_of=as_of,
    )
    findings.end()
    assert found is not None
    return found


def refused(accelerator: str = "h200-sxm-141gb", **fields: Any) -> tuple[str, str]:
    findings = Findings()
    as_of = fields.pop("as_of", None)
    assert (
        resolve_benchmark(
            BenchmarkChoice(**fields),
            accelerator=accelerator,
            gpus_per_node=8,
            findings=findings,
            at="/benchmark",
            as_of=as_of,
        )
        is None
    )
    [problem] = findings.problems
    return problem.pointer, problem.detail


R1 = {"model": "deepseek-r1-0528", "engine": "sglang", "precision": "fp8"}


def test_a_node_has_the_rate_of_its_gpus() -> None:
    # H200, SGLang, FP8, 8,192 in and 1,024 out at 64 requests, 2026-05-17: 150.98 output tokens a second per GPU.
    found = resolved(**R1, input_tokens=8192, output_tokens=1024, concurrency=64)
    assert found.throughput.output_tokens_per_second == pytest.approx(8 * 150.98)
    assert found.throughput.combined
    assert found.throughput.input_tokens_per_second is None
    assert (found.throughput.concurrency_per_node, found.throughput.measured_with) == (64, "none")
    assert found.point.basis == "measured"
    assert "8 x h200-sxm-141gb, sglang, fp8, 8192 tokens in and 1024 out" in found.throughput.evidence
    assert "InferenceX API" in found.throughput.evidence


def test_several_replicas_fill_a_node() -> None:
    # gpt-oss-120b on one H200, 8,192 in and 1,024 out: 1,211.5 output tokens a second at 32 requests.
    found = resolved(model="gpt-oss-120b", input_tokens=8192, output_tokens=1024, concurrency=8 * 32)
    assert found.series.gpus == 1
    assert found.throughput.output_tokens_per_second == pytest.approx(8 * 1211.5, rel=1e-3)
    assert (found.throughput.concurrency_per_node, found.throughput.engines_per_node) == (256, 8)


def test_a_concurrency_between_two_rows_is_interpolated_and_one_outside_is_held() -> None:
    between = resolved(**R1, input_tokens=8192, concurrency=40)
    outside = resolved(**R1, input_tokens=8192, concurrency=1000)
    assert "interpolated between 16 and 64" in between.throughput.evidence
    assert 8 * 93.89 < between.throughput.output_tokens_per_second < 8 * 150.98
    assert "outside the measured" in outside.throughput.evidence
    assert outside.throughput.output_tokens_per_second == pytest.approx(8 * 150.98)


def test_without_a_concurrency_it_is_the_most_throughput_measured() -> None:
    found = resolved(**R1, input_tokens=8192)
    assert (found.throughput.concurrency_per_node, found.point.basis) == (64, "measured")


def test_speculation_in_the_runs_is_the_baseline_of_the_fleet() -> None:
    found = resolved(**R1, input_tokens=8192, spec_decode="mtp", concurrency=64)
    assert found.throughput.measured_with == "mtp-1"
    assert "it is taken as mtp-1" in found.throughput.evidence


def test_what_was_measured_later_is_not_known_yet() -> None:
    found = resolved(**R1, input_tokens=8192, concurrency=16, as_of=date(2026, 5, 13))
    assert found.throughput.output_tokens_per_second == pytest.approx(8 * 31.46)
    pointer, detail = refused(**R1, as_of=date(2025, 1, 1))
    assert pointer == "/benchmark"
    assert "was first measured on" in detail


def test_the_first_field_that_leaves_nothing_is_named_with_what_there_is() -> None:
    assert refused(model="nobody's")[0] == "/benchmark/model"
    assert "deepseek-r1-0528" in refused(model="nobody's")[1]
    assert refused(model="deepseek-r1-0528", input_tokens=2000) == (
        "/benchmark/input_tokens",
        "2000 is not measured on h200-sxm-141gb with the fields before it; there is 1024, 8192",
    )
    assert refused(model="deepseek-r1-0528", precision="fp4")[0] == "/benchmark/precision"
    assert refused(model="deepseek-r1-0528", engine="vllm")[0] == "/benchmark/engine"


def test_an_accelerator_without_measurements_says_what_to_do_instead() -> None:
    pointer, detail = refused("a100-sxm-80gb", model="deepseek-r1-0528")
    assert pointer == "/benchmark"
    assert "give output_tokens_per_second instead" in detail
