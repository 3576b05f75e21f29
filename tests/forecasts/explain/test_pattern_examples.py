"""The examples of docs/model.md: three patterns that do not pay, and a control that does, as the document says."""

import re
from pathlib import Path
from typing import Any

import pytest

from service.schemas.plan.file import read_plan
from tests.forecasts.estates import answer

ROOT = Path(__file__).resolve().parents[3]
PATTERNS = ("short-outputs", "creative", "idle", "busy")


def plan_of(name: str) -> dict[str, Any]:
    path = ROOT / "examples" / "patterns" / f"{name}.yaml"
    return dict(read_plan(path.read_bytes(), name=path.name))


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return {name: answer(plan_of(name)) for name in PATTERNS}


def verdict(document: dict[str, Any]) -> Any:
    [only] = document["verdicts"]
    return only


def sizes(document: dict[str, Any]) -> dict[str, Any]:
    return {reason["code"]: reason for reason in verdict(document)["reasons"]}


def test_short_outputs_gain_hundredths_and_are_named_with_their_prompts(found: dict[str, Any]) -> None:
    lengths = plan_of("short-outputs")["workloads"][0]["demand"]["output_tokens_per_request"]
    assert lengths["p90"] < 100
    short = verdict(found["short-outputs"])
    assert short["verdict"] == "does_not_pay"
    assert 1.03 < short["speedup"]["p50"] < 1.10
    assert list(sizes(found["short-outputs"])) == ["no_node_removed", "prefill_bound", "short_outputs"]


def test_the_same_fleet_pays_for_long_outputs() -> None:
    """As many tokens a month in answers of 1,000: what changes is their length alone."""
    plan = plan_of("short-outputs")
    demand = plan["workloads"][0]["demand"]
    demand["requests_per_month"] *= 25 / 1000
    demand["output_tokens_per_request"] = {"mean": 1000}
    long = verdict(answer(plan))
    assert long["verdict"] == "pays"
    assert long["speedup"]["p50"] > 1.3


def test_hot_creative_work_may_lose_and_names_its_acceptance(found: dict[str, Any]) -> None:
    workload = plan_of("creative")["workloads"][0]
    assert (workload["task"], float(workload["temperature"]), float(workload["top_p"])) == ("creative", 1.0, 0.95)
    creative = verdict(found["creative"])
    assert creative["verdict"] == "does_not_pay"
    assert creative["speedup"]["p10"] < 1 < creative["speedup"]["p90"]
    assert float(creative["saving"]["p10"]) < 0
    assert max(sizes(found["creative"]).values(), key=lambda one: one["tokens"])["code"] == "low_acceptance"


def test_the_same_fleet_pays_for_code() -> None:
    plan = plan_of("creative")
    plan["workloads"][0] |= {"task": "code", "temperature": 0.2}
    assert verdict(answer(plan))["verdict"] == "pays"


def test_an_idle_fleet_saves_nothing_whatever_the_speedup(found: dict[str, Any]) -> None:
    """Five of fifty requests a second: the size of the reason is what 1.6 times five nodes would put out beside."""
    plan = plan_of("idle")
    fleet, demand = plan["fleets"][0], plan["workloads"][0]["demand"]
    tokens = demand["output_tokens_per_request"]["mean"]
    assert demand["requests_per_month"] == 5 * 3600 * 720
    assert fleet["nodes"] * fleet["throughput"]["output_tokens_per_second"] == 50 * tokens
    idle = verdict(found["idle"])
    assert (idle["verdict"], set(idle["saving"].values())) == ("does_not_pay", {"0.00"})
    assert idle["speedup"]["p50"] > 1.5
    assert list(sizes(found["idle"])) == ["no_node_removed", "idle_capacity"]
    gained = (idle["speedup"]["mean"] - 1) * 50 * tokens * 3600 * 720 * 12
    assert sizes(found["idle"])["idle_capacity"]["tokens"] == pytest.approx(gained, rel=1e-4)


def test_a_busy_fleet_that_gives_nodes_back_pays(found: dict[str, Any]) -> None:
    busy = verdict(found["busy"])
    assert busy["verdict"] == "pays"
    assert busy["probability_of_saving"] > 0.99
    assert float(busy["saving"]["p10"]) > 0
    assert busy["reasons"] == []


@pytest.mark.parametrize("name", PATTERNS)
def test_the_documented_figures_are_those_of_the_examples(name: str, found: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    [row] = re.findall(rf"^\| `{name}\.yaml` \|.*$", text, flags=re.MULTILINE)
    told = verdict(found[name])
    speedup, saving = told["speedup"], told["saving"]
    cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
    assert cells[:3] == [
        f"`{told['verdict']}`, {100 * told['probability_of_saving']:.0f} %",
        f"{speedup['p10']:.2f} / {speedup['p50']:.2f} / {speedup['p90']:.2f}",
        f"{float(saving['mean']):,.0f}; {float(saving['p10']):,.0f}",
    ]
    assert cells[3] == (
        "; ".join(
            f"`{reason['code']}` {float(reason['money']):,.0f}, {reason['tokens'] / 1e9:,.1f}"
            for reason in told["reasons"]
        )
        or "none"
    )
