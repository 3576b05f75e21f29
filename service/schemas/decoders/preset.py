"""Decoder presets as the packaged catalogue has them, for those who choose one."""

from typing import Annotated

import msgspec

from forecasts.catalog.acceptance import load_acceptance_by_task
from forecasts.catalog.decoders import DecoderPreset, Range
from forecasts.catalog.version import CATALOG_VERSION
from forecasts.speculation.frontier import Basis, frontier_gain


class RangeOut(msgspec.Struct, frozen=True, kw_only=True):
    low: float
    mode: float
    high: float


class TaskAcceptanceOut(RangeOut, frozen=True, kw_only=True):
    """First-position acceptance at one task: P10, median and P90 over `sources`, or the preset's own range without any.

    `basis` says of which measurements it is.
    """

    rows: int
    sources: int
    basis: str
    source: str


class FrontierOut(msgspec.Struct, frozen=True, kw_only=True):
    """Between which values a paper's curves say the gain over `speedup_over`; beyond them the end's gain is held."""

    model: str
    concurrency_per_gpu: tuple[float, float]
    tokens_per_second_per_user: tuple[float, float]
    output_tokens_per_second_per_gpu: tuple[float, float]


class DecoderPresetOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a preset assumes: acceptance of the draft's tokens, or a speedup over `speedup_over`, as a range.

    Acceptance of draft token i is `first_acceptance * rho**(i - 1)`. No `model_families` means any model.
    """

    preset: str
    title: str
    num_speculative_tokens: Annotated[
        int | None, msgspec.Meta(description="The draft length, or the most an adaptive one takes.")
    ]
    adaptive: bool
    drafting: str | None
    rho: float | None
    first_acceptance: RangeOut | None
    first_acceptance_by_task: dict[str, TaskAcceptanceOut]
    speedup: RangeOut | None
    speedup_over: str | None
    hardware_class: str
    model_families: tuple[str, ...]
    frontier: FrontierOut | None
    limits: str
    source: str
    date_basis: str
    confidence: str
    note: str


class DecoderPresets(msgspec.Struct, frozen=True, kw_only=True):
    """All presets, in one page; `catalog_version` changes whenever any packaged figure does."""

    catalog_version: str
    items: list[DecoderPresetOut]


def decoder_presets(presets: tuple[DecoderPreset, ...]) -> DecoderPresets:
    return DecoderPresets(catalog_version=CATALOG_VERSION, items=[decoder_preset_out(preset) for preset in presets])


def decoder_preset_out(preset: DecoderPreset) -> DecoderPresetOut:
    return DecoderPresetOut(
        preset=preset.preset,
        title=preset.title,
        num_speculative_tokens=preset.num_speculative_tokens,
        adaptive=preset.adaptive,
        drafting=preset.drafting,
        rho=preset.rho,
        first_acceptance=_range_out(preset.first_acceptance),
        first_acceptance_by_task={
            row.task: TaskAcceptanceOut(
                low=row.acceptance.low,
                mode=row.acceptance.mode,
                high=row.acceptance.high,
                rows=row.rows,
                sources=row.sources,
                basis=row.basis,
                source=row.source,
            )
            for row in load_acceptance_by_task()
            if row.preset == preset.preset
        },
        speedup=_range_out(preset.speedup),
        speedup_over=preset.speedup_over,
        hardware_class=preset.hardware_class,
        model_families=preset.model_families,
        frontier=None if preset.frontier_model is None else _frontier_out(preset.frontier_model),
        limits=preset.limits,
        source=preset.source,
        date_basis=preset.date_basis,
        confidence=preset.confidence,
        note=preset.note,
    )


def _range_out(values: Range | None) -> RangeOut | None:
    return None if values is None else RangeOut(low=values.low, mode=values.mode, high=values.high)


def _frontier_out(model: str) -> FrontierOut:
    def measured(basis: Basis) -> tuple[float, float]:
        return frontier_gain(model, basis, 1.0).measured_range

    return FrontierOut(
        model=model,
        concurrency_per_gpu=measured("equal_concurrency"),
        tokens_per_second_per_user=measured("matched_speed"),
        output_tokens_per_second_per_gpu=measured("matched_throughput"),
    )
