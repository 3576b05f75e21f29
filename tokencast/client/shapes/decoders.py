"""Shapes of the API, of decoders: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class DecoderPresetOut(TypedDict):
    """What a preset assumes: acceptance of the draft's tokens, or a speedup over `speedup_over`, as a range.

    Acceptance of draft token i is `first_acceptance * rho**(i - 1)`. No `model_families` means any model.
    """

    preset: str
    title: str
    num_speculative_tokens: int | None
    adaptive: bool
    drafting: str | None
    rho: float | None
    first_acceptance: RangeOut | None
    first_acceptance_by_task: dict[str, TaskAcceptanceOut]
    speedup: RangeOut | None
    speedup_over: str | None
    hardware_class: str
    model_families: list[str]
    frontier: FrontierOut | None
    limits: str
    source: str
    date_basis: str
    confidence: str
    note: str


class DecoderPresets(TypedDict):
    """All presets, in one page; `catalog_version` changes whenever any packaged figure does."""

    catalog_version: str
    items: list[DecoderPresetOut]


class FrontierOut(TypedDict):
    """Between which values a paper's curves say the gain over `speedup_over`; beyond them the end's gain is held."""

    model: str
    concurrency_per_gpu: list[float]
    tokens_per_second_per_user: list[float]
    output_tokens_per_second_per_gpu: list[float]


class MeasurementIn(TypedDict):
    """A point on a fleet, with requests running at once on one node; either its acceptance length or its speedup.

    `acceptance_length` counts the tokens of one step. `speedup` is output tokens per second with the method over those
    with `speedup_over`, at the same concurrency. Without `num_speculative_tokens` the preset's own draft length counts.
    """

    fleet: str
    method: str
    concurrency: NotRequired[float | None]
    input_tokens: float
    output_tokens: float
    acceptance_length: NotRequired[float | None]
    acceptance_length_includes_bonus: NotRequired[bool]
    speedup: NotRequired[float | None]
    speedup_over: NotRequired[str]
    num_speculative_tokens: NotRequired[int | None]
    measured_on: NotRequired[str | None]
    source: NotRequired[str]
    note: NotRequired[str]


class MeasurementOut(TypedDict):
    """Without `measured_on` a point is known to forecasts as of the day of `created_at` and later ones."""

    fleet: str
    method: str
    concurrency: float
    input_tokens: float
    output_tokens: float
    acceptance_length: NotRequired[float | None]
    acceptance_length_includes_bonus: NotRequired[bool]
    speedup: NotRequired[float | None]
    speedup_over: NotRequired[str]
    num_speculative_tokens: NotRequired[int | None]
    measured_on: NotRequired[str | None]
    source: NotRequired[str]
    note: NotRequired[str]
    id: str
    plan_id: str | None
    created_at: str


class MeasurementPage(TypedDict):
    """A page of measured points."""

    items: list[MeasurementOut]
    next_cursor: str | None


class RangeOut(TypedDict):
    """A range: low, most likely, high."""

    low: float
    mode: float
    high: float


class TaskAcceptanceOut(TypedDict):
    """First-position acceptance at one task: P10, median and P90 over `sources`, or the preset's own range without any.

    `basis` says of which measurements it is.
    """

    low: float
    mode: float
    high: float
    rows: int
    sources: int
    basis: str
    source: str
