"""The packaged hourly demand profiles, fitted from production traces."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from forecasts.catalog.tables import read_table
from forecasts.units import HOURS_PER_WEEK


@dataclass(frozen=True, kw_only=True)
class HourlyProfileSource:
    """Where a profile comes from. `peak_to_mean_unfolded` is of the hours as measured, before weeks were averaged."""

    profile: str
    source: str
    date_basis: str
    confidence: str
    hours_measured: int
    peak_to_mean: float
    peak_to_mean_unfolded: float
    note: str


@cache
def _profiles() -> dict[str, npt.NDArray[np.float64]]:
    weights: dict[str, list[float]] = {}
    for row in read_table("hourly_profiles.csv"):
        weights.setdefault(row["profile"], []).append(float(row["weight"]))
    profiles: dict[str, npt.NDArray[np.float64]] = {}
    for name, values in weights.items():
        profile = np.array(values)
        # The table is rounded to six decimals, which leaves the mean that far from 1.
        profile *= HOURS_PER_WEEK / profile.sum()
        profile.setflags(write=False)
        profiles[name] = profile
    return profiles


def hourly_profile_names() -> tuple[str, ...]:
    return tuple(_profiles())


def load_hourly_profile(name: str) -> npt.NDArray[np.float64]:
    """Weights of the hours of a week, shape [168], Monday 00:00 UTC first, mean 1, read-only. KeyError if unknown."""
    return _profiles()[name]


@cache
def load_hourly_profile_sources() -> tuple[HourlyProfileSource, ...]:
    return tuple(
        HourlyProfileSource(
            profile=row["profile"],
            source=row["source"],
            date_basis=row["date_basis"],
            confidence=row["confidence"],
            hours_measured=int(row["hours_measured"]),
            peak_to_mean=float(row["peak_to_mean"]),
            peak_to_mean_unfolded=float(row["peak_to_mean_unfolded"]),
            note=row["note"],
        )
        for row in read_table("hourly_profile_sources.csv")
    )
