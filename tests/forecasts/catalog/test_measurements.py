"""The reader of measurements: the packaged ones are whole, and each bad place of a table is one problem."""

from typing import Any

import pytest

from forecasts.catalog.measurements import COLUMNS, load_speculation_measurements, parse_measurements
from forecasts.catalog.tables import read_table
from forecasts.errors import Findings

GOOD = {
    "source_id": "north",
    "target_model": "Model-8B",
    "hardware": "H100",
    "engine": "engine",
    "method": "eagle3",
    "baseline": "none",
    "task": "chat",
    "hw_class": "datacenter",
    "drafting": "chain",
    "metric": "per_user_tps",
    "draft_tokens": "3",
    "concurrency_or_batch": "8",
    "input_len": "",
    "output_len": "300",
    "active_b": "8",
    "total_b": "8",
    "acceptance_length": "2.5",
    "acceptance_rate": "",
    "speedup": "1.8",
}


def problems_of(*rows: dict[Any, Any]) -> dict[str, str]:
    findings = Findings()
    parse_measurements(rows, findings)
    return {problem.pointer: problem.detail for problem in findings.problems}


def test_the_packaged_measurements_are_all_read_and_each_says_something() -> None:
    rows = load_speculation_measurements()
    assert len(rows) == sum(1 for _ in read_table("speculation_measured.csv"))
    assert len(rows) > 1700
    assert all(row.speedup or row.acceptance_length or row.acceptance_rate is not None for row in rows)


def test_a_good_row_is_read_with_unknowns_where_cells_are_empty() -> None:
    findings = Findings()
    [row] = parse_measurements([GOOD | {"further": "ignored"}], findings)
    assert findings.problems == []
    assert (row.draft_tokens, row.requests, row.input_tokens, row.speedup) == (3, 8.0, None, 1.8)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("speedup", "fast"),
        ("speedup", "0"),
        ("speedup", "-1"),
        ("speedup", "nan"),
        ("speedup", "inf"),
        ("concurrency_or_batch", "0"),
        ("draft_tokens", "0"),
        ("draft_tokens", "65"),
        ("draft_tokens", "2.5"),
        ("acceptance_rate", "1.2"),
        ("acceptance_length", "0.9"),
        ("acceptance_length", "4.5"),
        ("active_b", "9"),
        ("total_b", "1e9"),
        ("hw_class", "datacentre"),
        ("metric", "speed"),
        ("drafting", ""),
        ("source_id", " "),
    ],
)
def test_each_bad_cell_is_one_problem_at_its_place(column: str, cell: str) -> None:
    assert list(problems_of(GOOD, GOOD | {column: cell})) == [f"/rows/1/{column}"]


def test_several_bad_cells_are_several_problems() -> None:
    found = problems_of(GOOD | {"speedup": "x", "active_b": "y"}, GOOD | {"metric": "z"})
    assert sorted(found) == ["/rows/0/active_b", "/rows/0/speedup", "/rows/1/metric"]
    assert "latency" in found["/rows/1/metric"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column: str) -> None:
    assert list(problems_of({name: cell for name, cell in GOOD.items() if name != column})) == [f"/columns/{column}"]


def test_a_row_that_is_too_short_or_too_long_is_a_problem() -> None:
    assert list(problems_of(GOOD | {"speedup": None}, GOOD | {None: ["more"]})) == ["/rows/0", "/rows/1"]
