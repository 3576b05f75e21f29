"""The packaged measurements of speculative decoding, and the reader of any file in the same columns."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from forecasts.catalog.tables import read_table
from forecasts.errors import Findings

METRICS = ("per_user_tps", "total_throughput", "latency", "acceptance_only")
HARDWARE_CLASSES = ("datacenter", "consumer", "unified", "unknown")
DRAFTINGS = ("chain", "tree", "parallel", "adaptive")
MAX_DEPTH = 64


@dataclass(frozen=True, kw_only=True)
class SpeculationMeasurement:
    """One published figure. `baseline` is what `speedup` is over; an acceptance length counts the bonus token.

    `requests` is the concurrency or batch; of `metric`, `total_throughput` is of whole requests with their prefill.
    `tokens_per_second` is what was measured with the method, in the metric's own sense; few tables leave it out.
    """

    source_id: str
    target_model: str
    hardware: str
    engine: str
    hw_class: str
    method: str
    baseline: str
    drafting: str
    task: str
    metric: str
    draft_tokens: int | None
    requests: float | None
    input_tokens: float | None
    output_tokens: float | None
    active_params_b: float | None
    total_params_b: float | None
    acceptance_length: float | None
    acceptance_rate: float | None
    speedup: float | None
    tokens_per_second: float | None = None


_TEXTS = ("source_id", "target_model", "hardware", "engine", "method", "baseline", "task")
_CHOICES = {"hw_class": HARDWARE_CLASSES, "drafting": DRAFTINGS, "metric": METRICS}
# Field, and the bounds that a figure keeps: low, whether low itself is allowed, and high.
_NUMBERS: dict[str, tuple[str, float, bool, float]] = {
    "draft_tokens": ("draft_tokens", 1.0, True, MAX_DEPTH),
    "concurrency_or_batch": ("requests", 0.0, False, 1e6),
    "input_len": ("input_tokens", 0.0, True, 1e8),
    "output_len": ("output_tokens", 0.0, False, 1e8),
    "active_b": ("active_params_b", 0.0, False, 1e6),
    "total_b": ("total_params_b", 0.0, False, 1e6),
    "acceptance_length": ("acceptance_length", 1.0, True, MAX_DEPTH + 1.0),
    "acceptance_rate": ("acceptance_rate", 0.0, True, 1.0),
    "speedup": ("speedup", 0.0, False, 1000.0),
}
# A table may do without it: no fit needs it.
_SPEED, _SPEED_BOUNDS = "spec_value", (0.0, False, 1e9)
COLUMNS = (*_TEXTS, *_CHOICES, *_NUMBERS)


@cache
def load_speculation_measurements() -> tuple[SpeculationMeasurement, ...]:
    findings = Findings()
    measurements = parse_measurements(read_table("speculation_measured.csv"), findings)
    findings.end()
    return measurements


def parse_measurements(rows: Iterable[Mapping[Any, Any]], findings: Findings) -> tuple[SpeculationMeasurement, ...]:
    """The measurements of a table in the columns of the evidence; further columns are not read.

    Records one problem for each missing column, or else for each figure that is none, by `/rows/INDEX/COLUMN`.
    """
    measurements = []
    for index, row in enumerate(rows):
        if index == 0:
            missing = [column for column in COLUMNS if column not in row]
            for column in missing:
                findings.add(f"/columns/{column}", "is missing; the file needs the columns of the packaged evidence")
            if missing:
                return ()
        if None in row or None in row.values():
            findings.add(f"/rows/{index}", "has more or fewer cells than the header has columns")
            continue
        measurement = _measurement({str(name): str(cell).strip() for name, cell in row.items()}, index, findings)
        if measurement is not None:
            measurements.append(measurement)
    return tuple(measurements)


def _measurement(row: dict[str, str], index: int, findings: Findings) -> SpeculationMeasurement | None:
    before = len(findings.problems)
    at = f"/rows/{index}"
    if not row["source_id"]:
        findings.add(f"{at}/source_id", "is empty; rows of one source share a name")
    for column, choices in _CHOICES.items():
        if row[column] not in choices:
            findings.add(f"{at}/{column}", f"{row[column]!r} is none of {', '.join(choices)}")
    numbers = {
        name: _number(row[column], f"{at}/{column}", bounds, findings) for column, (name, *bounds) in _NUMBERS.items()
    }
    speed = _number(row.get(_SPEED, ""), f"{at}/{_SPEED}", _SPEED_BOUNDS, findings)
    depth, length = numbers["draft_tokens"], numbers["acceptance_length"]
    if depth is not None and depth != int(depth):
        findings.add(f"{at}/draft_tokens", f"{depth:g} is not a whole number of tokens")
    if depth is not None and length is not None and length > depth + 1.0:
        findings.add(
            f"{at}/acceptance_length", f"{length:g} tokens cannot come of {depth:g} draft tokens and the target's own"
        )
    active, total = numbers["active_params_b"], numbers["total_params_b"]
    if active is not None and total is not None and active > total:
        findings.add(f"{at}/active_b", f"{active:g} exceeds total_b, {total:g}")
    if len(findings.problems) > before:
        return None
    return SpeculationMeasurement(
        source_id=row["source_id"],
        target_model=row["target_model"],
        hardware=row["hardware"],
        engine=row["engine"],
        hw_class=row["hw_class"],
        method=row["method"],
        baseline=row["baseline"],
        drafting=row["drafting"],
        task=row["task"],
        metric=row["metric"],
        draft_tokens=None if depth is None else int(depth),
        requests=numbers["requests"],
        input_tokens=numbers["input_tokens"],
        output_tokens=numbers["output_tokens"],
        active_params_b=active,
        total_params_b=total,
        acceptance_length=length,
        acceptance_rate=numbers["acceptance_rate"],
        speedup=numbers["speedup"],
        tokens_per_second=speed,
    )


def _number(text: str, at: str, bounds: Sequence[float], findings: Findings) -> float | None:
    """An empty cell is unknown."""
    if not text:
        return None
    low, inclusive, high = bounds
    try:
        value = float(text)
    except ValueError:
        findings.add(at, f"{text!r} is not a number")
        return None
    if not math.isfinite(value) or value > high or value < low or (value == low and not inclusive):
        findings.add(at, f"{text} lies outside {'' if inclusive else 'more than '}{low:g} to {high:g}")
        return None
    return value
