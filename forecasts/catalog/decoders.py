"""The packaged decoder presets of speculative decoding, with their ranges."""

from dataclasses import dataclass
from functools import cache

from forecasts.catalog.tables import optional_integer, optional_number, read_table


@dataclass(frozen=True, kw_only=True)
class Range:
    """Low, most likely and high value."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, kw_only=True)
class DecoderPreset:
    """Either acceptance by position, `first_acceptance * rho**(i - 1)`, or a `speedup` over the decoder
    `speedup_over`; both are None where the plan gives the figures.

    `model_families` are beginnings of the names of the models that it exists for; none means any model. Where
    `frontier_model` is given, that model's measured curves say the gain.
    """

    preset: str
    title: str
    num_speculative_tokens: int | None
    adaptive: bool
    drafting: str | None
    rho: float | None
    first_acceptance: Range | None
    speedup: Range | None
    speedup_over: str | None
    hardware_class: str
    model_families: tuple[str, ...]
    frontier_model: str | None
    limits: str
    source: str
    date_basis: str
    confidence: str
    note: str


@cache
def load_decoders() -> tuple[DecoderPreset, ...]:
    return tuple(
        DecoderPreset(
            preset=row["preset"],
            title=row["title"],
            num_speculative_tokens=optional_integer(row["num_speculative_tokens"]),
            adaptive=row["adaptive"] == "yes",
            drafting=row["drafting"] or None,
            rho=optional_number(row["rho"]),
            first_acceptance=_range(row, "first_acceptance"),
            speedup=_range(row, "speedup"),
            speedup_over=row["speedup_over"] or None,
            hardware_class=row["hardware_class"],
            model_families=tuple(row["model_families"].split()),
            frontier_model=row["frontier_model"] or None,
            limits=row["limits"],
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in read_table("decoders.csv")
    )


def _range(row: dict[str, str], name: str) -> Range | None:
    if not row[f"{name}_mode"]:
        return None
    return Range(low=float(row[f"{name}_low"]), mode=float(row[f"{name}_mode"]), high=float(row[f"{name}_high"]))
