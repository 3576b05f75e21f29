"""A fleet that names a benchmark is forecast like one that states the same numbers, and says where they come from."""

from typing import Any

import pytest

from forecasts.plan import Plan
from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, problems, read, to_fleet

# DeepSeek-R1 on eight H200, SGLang, FP8, 8,192 in and 1,024 out at 64 requests: 150.98 output tokens a second per GPU.
BENCHMARK: dict[str, Any] = {
    "model": "deepseek-r1-0528",
    "engine": "sglang",
    "precision": "fp8",
    "input_tokens": 8192,
    "output_tokens": 1024,
    "spec_decode": "none",
}


def an_estate(throughput: dict[str, Any], **fields: Any) -> dict[str, Any]:
    fleet = a_fleet(
        accelerator="h200-sxm-141gb", serves="deepseek-r1-0528", gpus_per_node=8, nodes=2, throughput=throughput
    )
    return a_plan(a_workload(to=[to_fleet()]), fleets=[fleet | fields])


def benchmarked(concurrency: float | None = 64, **fields: Any) -> dict[str, Any]:
    return an_estate({"benchmark": BENCHMARK | fields, "concurrency_per_node": concurrency})


def rate(plan: Plan) -> float:
    return plan.fleets[0].throughput.output_tokens_per_second


def test_it_costs_and_serves_what_the_measured_numbers_do() -> None:
    stated = an_estate({"output_tokens_per_second": 8 * 150.98, "combined": True, "concurrency_per_node": 64})
    named = answer(benchmarked())
    assert named["fleets"] == answer(stated)["fleets"]
    assert named["total"] == answer(stated)["total"]


def test_the_answer_warns_with_the_rows_it_rests_on() -> None:
    [warning] = [one for one in answer(benchmarked(40))["warnings"] if one["type"] == "throughput_from_benchmark"]
    assert warning["pointer"] == "/fleets/0/throughput/benchmark"
    assert "deepseek-r1-0528 on 8 x h200-sxm-141gb, sglang, fp8, 8192 tokens in and 1024 out" in warning["detail"]
    assert "interpolated between 16 and 64 concurrent requests" in warning["detail"]


def test_a_stated_throughput_brings_no_such_warning() -> None:
    stated = answer(an_estate({"output_tokens_per_second": 1207.84}))
    assert [one["type"] for one in stated["warnings"]] == []


def test_the_model_is_the_one_that_the_fleet_serves_unless_it_is_named() -> None:
    unnamed = BENCHMARK | {"model": None}
    assert rate(read(an_estate({"benchmark": unnamed, "concurrency_per_node": 64}))) == pytest.approx(8 * 150.98)


def test_only_what_was_measured_by_the_day_of_the_plan_counts() -> None:
    earlier = benchmarked(16) | {"as_of": "2026-05-13"}
    assert rate(read(earlier)) == pytest.approx(8 * 31.46)
    assert rate(read(benchmarked(16))) == pytest.approx(8 * 93.89)


@pytest.mark.parametrize(
    ("plan", "pointer", "detail"),
    [
        (benchmarked(engine="vllm"), "/benchmark/engine", "there is sglang, tensorrt-llm"),
        (benchmarked(model="nobody's"), "/benchmark/model", "there is deepseek-r1-0528, glm-5, gpt-oss-120b, kimi-k2"),
        (benchmarked(input_tokens=2000), "/benchmark/input_tokens", "there is 1024, 8192"),
        (benchmarked(0.0), "/concurrency_per_node", "must be 0.001 or more"),
        (an_estate({"concurrency_per_node": 64}), "/output_tokens_per_second", "is needed where no benchmark is named"),
        (
            an_estate({"benchmark": BENCHMARK, "output_tokens_per_second": 9}),
            "/output_tokens_per_second",
            "leave it out beside a benchmark",
        ),
        (an_estate({"benchmark": BENCHMARK, "combined": True}), "/combined", "leave it out beside a benchmark"),
        (
            an_estate({"benchmark": BENCHMARK, "measured_with": "mtp-1"}),
            "/measured_with",
            "leave it out beside a benchmark",
        ),
    ],
)
def test_a_bad_field_gets_one_problem_that_says_what_there_is(plan: dict[str, Any], pointer: str, detail: str) -> None:
    [(found, why)] = problems(plan)
    assert found == f"/fleets/0/throughput{pointer}"
    assert detail in why


def test_an_unknown_accelerator_is_told_once() -> None:
    plan = benchmarked()
    plan["fleets"][0]["accelerator"] = "abacus"
    assert [pointer for pointer, _ in problems(plan)] == ["/fleets/0/accelerator"]
