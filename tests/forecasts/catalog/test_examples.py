"""The example plans use only what the catalogue holds, at prices in force when they start."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.models import find_served_model
from forecasts.catalog.prices import load_price_rows
from forecasts.catalog.profiles import hourly_profile_names

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
STARTS = datetime(2027, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 11, 23, tzinfo=UTC)


def plan(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    return document


def api_routes(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """`provider/model` and service tier of everything that may be called."""
    for fleet in document["fleets"]:
        if fleet["overflow_to"]:
            yield fleet["overflow_to"]["model"], "standard"
    for workload in document["workloads"]:
        if workload.get("compare_to"):
            yield workload["compare_to"]["model"], "standard"
        for route_set in workload["routes"]:
            for route in route_set["to"]:
                if "model" in route:
                    yield route["model"], route.get("service_tier", "standard")


@pytest.mark.parametrize("name", ["article.yaml", "acme.yaml", "hardware.yaml", "elastic.yaml"])
def test_every_route_has_prices_in_force_when_the_plan_starts(name: str) -> None:
    priced = {
        (f"{row.provider}/{row.model}", row.service_tier, row.meter)
        for row in load_price_rows()
        if row.recorded_at <= AS_OF
        and row.effective_from <= STARTS
        and (row.effective_to is None or row.effective_to > STARTS)
    }
    for model, tier in api_routes(plan(name)):
        assert {meter for meter in ("input", "output") if (model, tier, meter) not in priced} == set(), model


@pytest.mark.parametrize("name", ["article.yaml", "acme.yaml", "hardware.yaml", "elastic.yaml"])
def test_fleets_and_profiles_are_packaged(name: str) -> None:
    document = plan(name)
    accelerators = {row.name for row in load_accelerators()}
    for fleet in document["fleets"]:
        assert fleet["accelerator"] in accelerators
        assert find_served_model(fleet["serves"]) is not None
    for workload in document["workloads"]:
        profile = workload["demand"]["hourly_profile"]
        assert not isinstance(profile, str) or profile in hourly_profile_names()


def test_acme_is_a_company_of_many_workloads_fleets_and_providers() -> None:
    document = plan("acme.yaml")
    tasks = {workload["task"] for workload in document["workloads"]}
    assert len(document["workloads"]) >= 8
    assert tasks >= {"chat", "code", "agent", "classification", "summarization", "reasoning"}
    assert sorted(fleet["cost"]["kind"] for fleet in document["fleets"]) == ["owned", "rented"]
    assert len({model.partition("/")[0] for model, _ in api_routes(document)}) >= 4


def test_shares_of_every_route_set_add_to_one_and_seasons_average_one() -> None:
    for workload in plan("acme.yaml")["workloads"]:
        for route_set in workload["routes"]:
            assert sum(route["share"] for route in route_set["to"]) == pytest.approx(1)
        seasons = workload["demand"].get("seasonality") or [1]
        assert sum(seasons) / len(seasons) == pytest.approx(1)
