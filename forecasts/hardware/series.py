"""Benchmark series: the points of one deployment by concurrency, and what lies between them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.interpolate import PchipInterpolator

from forecasts.catalog.benchmarks import Benchmark

Basis = Literal["measured", "interpolated", "held"]


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """A deployment at a number of concurrent requests. Rates are tokens per second, over all its GPUs where per GPU.

    `rows` are the measured points it rests on, one or two. `note` says what was done where it is none of them.
    """

    concurrency: float
    output_tokens_per_second_per_gpu: float
    total_tokens_per_second_per_gpu: float
    tokens_per_second_per_user: float | None
    basis: Basis
    rows: tuple[Benchmark, ...]
    note: str

    @property
    def input_share(self) -> float:
        """Input tokens over all tokens."""
        return 1.0 - self.output_tokens_per_second_per_gpu / self.total_tokens_per_second_per_gpu


@dataclass(frozen=True, kw_only=True)
class BenchmarkSeries:
    """One deployment of a model as one source measured it.

    `points` rise in concurrency and in throughput and fall in speed; `left_out` are the latest points that do not,
    because a point with fewer requests is better in both.
    """

    model: str
    accelerator: str
    engine: str
    serving: str
    precision: str
    spec_decode: str
    input_tokens: int
    output_tokens: int
    gpus: int
    prefill_gpus: int | None
    decode_gpus: int | None
    source: str
    points: tuple[Benchmark, ...]
    left_out: tuple[Benchmark, ...]

    @property
    def states_speed(self) -> bool:
        return all(point.tokens_per_second_per_user is not None for point in self.points)

    @property
    def measured_on(self) -> tuple[date, date]:
        """The days of its oldest and its newest point."""
        days = [point.measured_on for point in self.points]
        return min(days), max(days)

    def at_concurrency(self, concurrency: float) -> OperatingPoint:
        """The point at a number of requests at once on the whole deployment, monotone between measured points.

        Piecewise cubic without overshoot in logarithms of both (Fritsch and Carlson 1980). Outside the measured range
        the end is held: below it the speed of a user, so that throughput is in proportion; above it the throughput.
        """
        low, high = self.points[0].concurrency, self.points[-1].concurrency
        if not low <= concurrency <= high:
            return self._held(concurrency)
        for point in self.points:
            if point.concurrency == concurrency:
                return _as_measured(point, note="")
        position = next(index for index, point in enumerate(self.points) if point.concurrency > concurrency)
        between = self.points[position - 1 : position + 1]
        return OperatingPoint(
            concurrency=concurrency,
            output_tokens_per_second_per_gpu=self._between("output_tokens_per_second_per_gpu", concurrency),
            total_tokens_per_second_per_gpu=self._between("total_tokens_per_second_per_gpu", concurrency),
            tokens_per_second_per_user=self._between("tokens_per_second_per_user", concurrency)
            if self.states_speed
            else None,
            basis="interpolated",
            rows=between,
            note=f"interpolated between {between[0].concurrency:g} and {between[1].concurrency:g} concurrent requests",
        )

    def at_speed(self, tokens_per_second_per_user: float | None) -> OperatingPoint | None:
        """The point with the most requests at once that still gives each user the speed; None where none does.

        Without a required speed, the point with the most throughput.
        """
        last = self.points[-1]
        if tokens_per_second_per_user is None:
            return _as_measured(last, note="")
        if not self.states_speed or _speed(self.points[0]) < tokens_per_second_per_user:
            return None
        if _speed(last) >= tokens_per_second_per_user:
            asked = f"{tokens_per_second_per_user:g} tokens a second per user"
            reached = f"{_speed(last):g} at {last.concurrency:g} concurrent requests, the most that were measured"
            return _as_measured(last, note=f"{asked} is below {reached}")
        enough = max(index for index, point in enumerate(self.points) if _speed(point) >= tokens_per_second_per_user)
        if _speed(self.points[enough]) == tokens_per_second_per_user:
            return _as_measured(self.points[enough], note="")
        low, high = (math.log(point.concurrency) for point in self.points[enough : enough + 2])
        roots = self._curve("tokens_per_second_per_user").solve(math.log(tokens_per_second_per_user), extrapolate=False)
        # Speed falls throughout this interval, so it takes the required value in it once.
        return self.at_concurrency(math.exp(float(np.clip(roots[-1], low, high))))

    def _between(self, name: str, concurrency: float) -> float:
        return float(np.exp(self._curve(name)(math.log(concurrency))))

    def _curve(self, name: str) -> PchipInterpolator:
        logs = np.log([[point.concurrency, getattr(point, name)] for point in self.points])
        return PchipInterpolator(logs[:, 0], logs[:, 1])

    def _held(self, concurrency: float) -> OperatingPoint:
        below = concurrency < self.points[0].concurrency
        end = self.points[0] if below else self.points[-1]
        ratio = concurrency / end.concurrency
        speed = end.tokens_per_second_per_user
        what = "the speed of a user" if below else "the throughput"
        measured = f"{self.points[0].concurrency:g} to {self.points[-1].concurrency:g} concurrent requests"
        return OperatingPoint(
            concurrency=concurrency,
            output_tokens_per_second_per_gpu=end.output_tokens_per_second_per_gpu * min(ratio, 1.0),
            total_tokens_per_second_per_gpu=end.total_tokens_per_second_per_gpu * min(ratio, 1.0),
            tokens_per_second_per_user=None if speed is None else speed / max(ratio, 1.0),
            basis="held",
            rows=(end,),
            note=f"{concurrency:g} concurrent requests lie outside the measured {measured}: "
            f"{what} is held at that of {end.concurrency:g}",
        )


def series_of(rows: Iterable[Benchmark], *, as_of: date | None = None) -> tuple[BenchmarkSeries, ...]:
    """The rows as series. Of several measurements at one concurrency the latest by `as_of` counts."""
    deployments: dict[tuple[object, ...], dict[float, Benchmark]] = {}
    for row in rows:
        if as_of is not None and row.measured_on > as_of:
            continue
        points = deployments.setdefault(_deployment(row), {})
        known = points.get(row.concurrency)
        # Two figures of one day are two runs; the lower one is what can be relied upon.
        if known is None or (known.measured_on, -known.output_tokens_per_second_per_gpu) < (
            row.measured_on,
            -row.output_tokens_per_second_per_gpu,
        ):
            points[row.concurrency] = row
    return tuple(_series(tuple(points.values())) for points in deployments.values())


def _deployment(row: Benchmark) -> tuple[object, ...]:
    lengths = (row.input_tokens, row.output_tokens)
    gpus = (row.gpus, row.prefill_gpus, row.decode_gpus)
    software = (row.engine, row.serving, row.precision, row.spec_decode)
    return (row.model, row.accelerator, *software, *lengths, *gpus, row.source)


def _series(rows: tuple[Benchmark, ...]) -> BenchmarkSeries:
    kept: list[Benchmark] = []
    for row in sorted(rows, key=lambda row: row.concurrency):
        if kept and row.output_tokens_per_second_per_gpu <= kept[-1].output_tokens_per_second_per_gpu:
            continue
        while kept and _speed(kept[-1]) < _speed(row):
            kept.pop()
        kept.append(row)
    first = rows[0]
    return BenchmarkSeries(
        model=first.model,
        accelerator=first.accelerator,
        engine=first.engine,
        serving=first.serving,
        precision=first.precision,
        spec_decode=first.spec_decode,
        input_tokens=first.input_tokens,
        output_tokens=first.output_tokens,
        gpus=first.gpus,
        prefill_gpus=first.prefill_gpus,
        decode_gpus=first.decode_gpus,
        source=first.source,
        points=tuple(kept),
        left_out=tuple(row for row in rows if row not in kept),
    )


def _speed(row: Benchmark) -> float:
    """Where no speed is stated every point has the same."""
    return 0.0 if row.tokens_per_second_per_user is None else row.tokens_per_second_per_user


def _as_measured(row: Benchmark, *, note: str) -> OperatingPoint:
    return OperatingPoint(
        concurrency=row.concurrency,
        output_tokens_per_second_per_gpu=row.output_tokens_per_second_per_gpu,
        total_tokens_per_second_per_gpu=row.total_tokens_per_second_per_gpu,
        tokens_per_second_per_user=row.tokens_per_second_per_user,
        basis="measured",
        rows=(row,),
        note=note,
    )
