"""The example of docs/model.md: what hours are worth, by walking through all of them one by one."""

import calendar
import math
import re
from pathlib import Path
from typing import Any

import pytest

from forecasts.catalog.profiles import load_hourly_profile
from service.schemas.plan.file import read_plan
from tests.forecasts.estates import answer

ROOT = Path(__file__).resolve().parents[3]
RATE = 36.0
# 1,211.5 output tokens a second on each of eight accelerators; nodes filled to 0.9 with bursts of 1.1.
TOKENS_PER_NODE_HOUR = 9692 * 3600
ROOM = 1.1 / 0.9


@pytest.fixture(scope="module")
def fleets() -> dict[str, Any]:
    example = ROOT / "examples" / "elastic.yaml"
    forecast = answer(read_plan(example.read_bytes(), name=example.name))
    assert forecast["warnings"] == []
    return {fleet["name"]: fleet for fleet in forecast["fleets"]}


def nodes_by_hour(month: int) -> list[int]:
    hours = calendar.monthrange(2027, month)[1] * 24
    chat, assistant = (load_hourly_profile(name).tolist() for name in ("azure2024_conv_week", "burstgpt1"))
    tokens = [(600e6 * 211 * one + 500e6 * 250 * other) / hours for one, other in zip(chat, assistant, strict=True)]
    return [math.ceil(hour / TOKENS_PER_NODE_HOUR * ROOM - 1e-9) for hour in tokens]


def test_the_fixed_fleet_is_just_large_enough_for_the_year(fleets: dict[str, Any]) -> None:
    assert max(max(nodes_by_hour(month)) for month in range(1, 13)) == 23
    assert fleets["fixed"]["effective"]["mean"] == f"{23 * 8760 * RATE:.2f}"
    assert all(month["unserved_tokens"] == 0 for name in fleets for month in fleets[name]["months"])


def test_the_hourly_fleet_pays_for_the_nodes_of_each_hour(fleets: dict[str, Any]) -> None:
    year = 0.0
    for number, month in enumerate(fleets["hourly"]["months"], start=1):
        nodes = nodes_by_hour(number)
        assert month["nodes"]["mean"] == max(nodes)
        assert month["node_hours"]["mean"] == pytest.approx(sum(nodes) / 168 * month["hours"], abs=1e-5)
        year += sum(nodes) / 168 * month["hours"] * RATE
    assert float(fleets["hourly"]["effective"]["mean"]) == pytest.approx(year, abs=0.01)


def test_the_documented_figures_are_those_of_the_example(fleets: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for name, fleet in fleets.items():
        [year] = re.findall(rf"^{name} \(fleet\) +([\d,.]+) ", text, flags=re.MULTILINE)
        assert year == f"{float(fleet['effective']['mean']):,.2f}"
        hours = sum(month["node_hours"]["mean"] for month in fleet["months"])
        used = 12 * (600e6 * 211 + 500e6 * 250) / TOKENS_PER_NODE_HOUR / hours
        [row] = re.findall(rf"^{name} +[\d.]+ .*$", text, flags=re.MULTILINE)
        assert f"{100 * used:.3g} %" in row
