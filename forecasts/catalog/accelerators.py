"""The packaged accelerators and their dated prices per GPU-hour."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from forecasts.catalog.tables import optional_date, read_table


@dataclass(frozen=True, kw_only=True)
class Accelerator:
    """Memory in 1e9 bytes and the largest power draw of one accelerator, by its vendor's datasheet."""

    name: str
    vendor: str
    memory_gb: float
    power_w: float
    source: str
    date_basis: str
    confidence: str
    note: str


@dataclass(frozen=True, kw_only=True)
class AcceleratorPrice:
    """What one GPU-hour cost on a day; `gpu` is the source's own label and `quality` what the figure is worth."""

    accelerator: str
    provider: str
    tier: str
    effective_from: date | None
    usd_per_gpu_hour: Decimal
    quality: str
    gpu: str
    accelerator_basis: str
    source: str
    date_basis: str
    note: str


@cache
def load_accelerators() -> tuple[Accelerator, ...]:
    return tuple(
        Accelerator(
            name=row["accelerator"],
            vendor=row["vendor"],
            memory_gb=float(row["memory_gb"]),
            power_w=float(row["power_w"]),
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in read_table("accelerators.csv")
    )


@cache
def load_accelerator_prices() -> tuple[AcceleratorPrice, ...]:
    """All quotes whose label names one accelerator; the others are in `accelerator_prices_remainder.csv`."""
    return tuple(
        AcceleratorPrice(
            accelerator=row["accelerator"],
            provider=row["provider"],
            tier=row["tier"],
            effective_from=optional_date(row["effective_from"]),
            usd_per_gpu_hour=Decimal(row["usd_per_gpu_hour"]),
            quality=row["quality"],
            gpu=row["gpu"],
            accelerator_basis=row["accelerator_basis"],
            source=row["source"],
            date_basis=row["date_basis"],
            note=row["note"],
        )
        for row in read_table("accelerator_prices.csv")
    )
