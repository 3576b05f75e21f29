"""docs/charts.md names every chart that has an address, and every parameter."""

import re
from pathlib import Path

import msgspec
import pytest

from service.app import ROUTES
from service.protocol.operations import operation_of
from service.schemas.chart import BudgetChartQuery, ChartQuery

WORDS = (Path(__file__).resolve().parents[3] / "docs/charts.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_-]+)`", WORDS))
FILES = sorted(
    {
        file.rpartition(".")[0]
        for handler in ROUTES
        if (declared := operation_of(handler)) is not None and any("/charts/" in path for path in handler.paths)
        for file in declared.choices["file"]
    }
)


@pytest.mark.parametrize("name", FILES)
def test_every_chart_with_an_address_is_described(name: str) -> None:
    assert name in NAMED


@pytest.mark.parametrize("shape", [ChartQuery, BudgetChartQuery])
def test_every_parameter_is_described(shape: type[msgspec.Struct]) -> None:
    assert set(shape.__struct_fields__) <= NAMED
