"""`tokencast bridge`: of two plan files without any service, and of two forecasts of the running one."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from service.cli import main
from tests.service.cli.conftest import Invoke

PLAN: dict[str, Any] = {
    "as_of": "2026-11-23",
    "horizon": {"first_month": "2027-01", "months": 3},
    "outlooks": [{"outlook": "hold"}],
    "draws": 64,
    "workloads": [
        {
            "name": "chat",
            "demand": {"base_month": "2027-01", "requests_per_month": 1e6, "output_tokens_per_request": 500},
            "routes": [{"to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}],
        }
    ],
}


def grown(plan: Mapping[str, Any]) -> dict[str, Any]:
    [chat] = plan["workloads"]
    return {**plan, "workloads": [{**chat, "demand": {**chat["demand"], "requests_per_month": 2e6}}]}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "before.yaml", tmp_path / "after.yaml"
    for path, plan in zip(paths, (PLAN, grown(PLAN)), strict=True):
        path.write_text(yaml.safe_dump(plan))
    return paths


def bridge(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["bridge", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_two_plan_files_are_bridged_without_a_service(files: tuple[Path, Path]) -> None:
    result = bridge(*files, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    parts = {part["part"]: Decimal(part["effective"]) for part in found["parts"]}
    assert parts.pop("volume") == Decimal(found["before"]["effective"]) > 0
    assert not any(parts.values())
    assert found["from"]["id"] is found["to"]["id"] is None


def test_a_table_shows_the_parts_and_says_what_caused_them(files: tuple[Path, Path], tmp_path: Path) -> None:
    result = bridge(*files, "--charts", tmp_path / "pictures")
    assert result.exit_code == 0, result.output
    assert "volume" in result.stdout
    assert "requests per month 1,000,000 to 2,000,000" in result.stdout
    assert (tmp_path / "pictures" / "bridge.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_bridged_is_bad_input(files: tuple[Path, Path], tmp_path: Path) -> None:
    before, after = files
    mixed = bridge(before, "01a20ac5-0000-7000-8000-000000000000")
    assert mixed.exit_code == 2
    assert "both" in mixed.stderr
    missing = bridge(before, tmp_path / "none.yaml")
    assert missing.exit_code == 2
    euros = {**PLAN, "currency": "EUR"}
    euros["exchange_rates"] = [{"currency": "EUR", "per": "USD", "rate": "0.92", "from": "2026-11-01"}]
    after.write_text(yaml.safe_dump(euros))
    other = bridge(before, after)
    assert other.exit_code == 2
    assert "only one currency can be bridged" in other.stderr


def test_two_forecasts_of_the_running_service_are_bridged(invoke: Invoke, files: tuple[Path, Path]) -> None:
    ids = [json.loads(invoke("forecast", path, "--json").stdout)["id"] for path in files]
    found = json.loads(invoke("bridge", *ids, "--json").stdout)
    assert [found["from"]["id"], found["to"]["id"]] == ids
    assert "volume" in invoke("bridge", *ids).stdout
    unknown = invoke("bridge", ids[0], "01a20ac5-0000-7000-8000-000000000000")
    assert unknown.exit_code == 2
    assert "no forecast" in unknown.stderr
