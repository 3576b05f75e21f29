"""Plans of a fleet whose decoder is computed, and its gain taken out of the middle."""

from typing import Any

from forecasts.draws import Draws
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.gains.building import gain_over_measured
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.gains.over_measured import GainOverMeasured
from forecasts.timeline import FloatArray
from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, read, to_fleet

# A dense model of eight billion parameters.
DENSE = {"total_params_b": 8}


def decoded(decoder: str | dict[str, Any] = "eagle3", **throughput: Any) -> dict[str, Any]:
    """A node of 4,000 tokens a second with 64 requests running at once: 62.5 a second each."""
    return a_fleet(
        model_size=DENSE,
        throughput={"output_tokens_per_second": 4000, "concurrency_per_node": 64} | throughput,
        decoder={"preset": decoder} if isinstance(decoder, str) else decoder,
    )


def flash(decoder: str | dict[str, Any] = "dspark-v4-flash", **throughput: Any) -> dict[str, Any]:
    """DeepSeek V4-Flash, of which the paper drew curves, measured with MTP-1 unless said otherwise."""
    return _of_the_paper("deepseek-v4-flash", decoder, throughput)


def pro(decoder: str | dict[str, Any] = "dspark-v4-pro", **throughput: Any) -> dict[str, Any]:
    return _of_the_paper("deepseek-v4-pro", decoder, throughput)


def _of_the_paper(model: str, decoder: str | dict[str, Any], throughput: dict[str, Any]) -> dict[str, Any]:
    fleet = decoded(decoder, **({"measured_with": "mtp-1"} | throughput))
    return fleet | {"serves": model, "model_size": None}


def asked(*, task: str = "chat", speed: float | None = None, temperature: float | None = None, **demand: Any) -> Any:
    """A workload of the fleet, with prompts of 1,000 tokens and 500 written ones unless said otherwise."""
    workload = a_workload(to=[to_fleet()], **({"input_tokens_per_request": 1000} | demand))
    return workload | {"task": task, "min_tokens_per_second_per_user": speed, "temperature": temperature}


def on(fleet: dict[str, Any], *workloads: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A plan of the fleet, with one ordinary workload where none is given."""
    return a_plan(*(workloads or (asked(),)), fleets=[fleet], **fields)


def the_gain(document: dict[str, Any], fleet: int = 0, draws: int = 512) -> tuple[GainOverMeasured, Fleet]:
    plan = read(document)
    found = gain_over_measured(
        plan.fleets[fleet], plan.workloads, Draws(seed=plan.seed, count=draws), plan.measurements
    )
    return found, plan.fleets[fleet]


def speedups(
    document: dict[str, Any], basis: Any = "equal_concurrency", fleet: int = 0, draws: int = 512
) -> FloatArray:
    """Of the plan's first workload, one for each draw."""
    found, _ = the_gain(document, fleet, draws)
    return found.at(basis, WorkloadConditions.of(read(document).workloads[0])).values


def the_fleet(document: dict[str, Any]) -> Any:
    return answer(document)["fleets"][0]


def the_verdict(document: dict[str, Any]) -> Any:
    [verdict] = answer(document)["verdicts"]
    return verdict
