"""A measured point of speculative decoding on the wire, and its conversion to the domain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.plan import Plan
from forecasts.speculation.decoder import NONE
from forecasts.speculation.measurement import Measurement, measurable_methods
from forecasts.speculation.model.acceptance import MAX_DEPTH
from forecasts.speculation.presets import find_preset
from service.schemas import meaning
from service.schemas.wire import Label, Name, Text, Wire
from service.schemas.workload.workload import MAX_TOKENS_PER_REQUEST

MOST_MEASUREMENTS = 2000
MAX_CONCURRENCY = 1e6
LEAST_SPEEDUP, MOST_SPEEDUP = 0.05, 100.0


class MeasurementIn(Wire, kw_only=True, frozen=True):
    """A point on a fleet, with requests running at once on one node; either its acceptance length or its speedup.

    `acceptance_length` counts the tokens of one step. `speedup` is output tokens per second with the method over those
    with `speedup_over`, at the same concurrency. Without `num_speculative_tokens` the preset's own draft length counts.
    """

    fleet: Name
    method: Label
    concurrency: Annotated[float | None, msgspec.Meta(description="Needed: a gain is nothing without its load.")] = None
    input_tokens: float
    output_tokens: float
    acceptance_length: float | None = None
    acceptance_length_includes_bonus: bool = True
    speedup: float | None = None
    speedup_over: Label = NONE
    num_speculative_tokens: int | None = None
    measured_on: str | None = None
    source: Text = ""
    note: Text = ""

    def to_measurement(self, findings: Findings, at: str = "") -> Measurement:
        """The domain value; records in `findings` what is wrong, by pointers below `at`."""
        drafted = self._draft_length(findings, at)
        self._check_figures(findings, at, drafted)
        return Measurement(
            fleet=self.fleet,
            method=self.method,
            concurrency=self._concurrency(findings, f"{at}/concurrency"),
            input_tokens=meaning.bounded(
                findings, f"{at}/input_tokens", self.input_tokens, 0.0, MAX_TOKENS_PER_REQUEST
            ),
            output_tokens=meaning.bounded(
                findings, f"{at}/output_tokens", self.output_tokens, 1.0, MAX_TOKENS_PER_REQUEST
            ),
            num_speculative_tokens=drafted or 1,
            acceptance_length=self.acceptance_length,
            acceptance_length_includes_bonus=self.acceptance_length_includes_bonus,
            speedup=self.speedup,
            speedup_over=self.speedup_over,
            measured_on=None
            if self.measured_on is None
            else meaning.day(findings, f"{at}/measured_on", self.measured_on),
            source=self.source,
            note=self.note,
        )

    def _concurrency(self, findings: Findings, at: str) -> float:
        if self.concurrency is None:
            findings.add(at, "is required: the requests that ran at once on one node, 1 or more")
            return 1.0
        return meaning.bounded(findings, at, self.concurrency, 1.0, MAX_CONCURRENCY)

    def _draft_length(self, findings: Findings, at: str) -> int | None:
        """The draft length, or None where it cannot be told."""
        if self.method not in measurable_methods():
            findings.add(
                f"{at}/method", f"{self.method!r} is no method that drafts; there are {', '.join(measurable_methods())}"
            )
        given = self.num_speculative_tokens
        if given is not None:
            if 1 <= given <= MAX_DEPTH:
                return given
            findings.add(f"{at}/num_speculative_tokens", f"must be 1 to {MAX_DEPTH} tokens of a draft, not {given}")
        elif self.method in measurable_methods():
            return find_preset(self.method).num_speculative_tokens
        return None

    def _check_figures(self, findings: Findings, at: str, drafted: int | None) -> None:
        if self.acceptance_length is None and self.speedup is None:
            findings.add(at, "must give either acceptance_length or speedup, and has neither")
        if self.acceptance_length is not None and self.speedup is not None:
            findings.add(f"{at}/speedup", "must be left out where acceptance_length is given: a point has one of them")
        if self.acceptance_length is not None and drafted is not None:
            self._check_length(findings, f"{at}/acceptance_length", self.acceptance_length, drafted)
        if self.speedup is not None:
            meaning.bounded(findings, f"{at}/speedup", self.speedup, LEAST_SPEEDUP, MOST_SPEEDUP)
        baselines = (NONE, *(method for method in measurable_methods() if method != self.method))
        if self.speedup_over not in baselines:
            listed = ", ".join(baselines)
            findings.add(f"{at}/speedup_over", f"{self.speedup_over!r} is no other decoder; there are {listed}")
        elif self.speedup is None and self.speedup_over != NONE:
            findings.add(f"{at}/speedup_over", "belongs to a speedup: an acceptance length is over no other decoder")

    def _check_length(self, findings: Findings, at: str, length: float, drafted: int) -> None:
        bonus = 1 if self.acceptance_length_includes_bonus else 0
        if bonus <= length <= drafted + bonus:
            return
        counted = "the step's own token included" if bonus else "the step's own token not counted"
        findings.add(at, f"must be {bonus} to {drafted + bonus} for {drafted} draft tokens, {counted}, not {length:g}")


def measured_points(sent: Sequence[MeasurementIn], findings: Findings, at: str) -> tuple[Measurement, ...]:
    """The domain values of a list of points."""
    return tuple(point.to_measurement(findings, f"{at}/{index}") for index, point in enumerate(sent))


def known_by(as_of: date, plan: Plan) -> Plan:
    """The plan without the points that were measured later than its day: a forecast sees what was known then."""
    known = tuple(point for point in plan.measurements if point.measured_on is None or point.measured_on <= as_of)
    return plan if len(known) == len(plan.measurements) else replace(plan, measurements=known)
