"""How a week's volume is spread over its hours, as people write it: a packaged name, weights, or a peak."""

import math

import numpy as np

from forecasts.catalog.profiles import hourly_profile_names, load_hourly_profile
from forecasts.errors import Findings
from forecasts.timeline import FloatArray
from forecasts.units import HOURS_PER_WEEK
from service.schemas import meaning
from service.schemas.wire import Wire


class PeakToMean(Wire, kw_only=True, frozen=True):
    """A week known by its peak alone: the busiest hour over the mean hour."""

    peak_to_mean: float


HourlyProfileIn = str | list[float] | PeakToMean


def hourly_weights(findings: Findings, at: str, profile: HourlyProfileIn) -> FloatArray:
    """The 168 weights of a profile, of mean 1; flat where it makes no sense."""
    flat = np.ones(HOURS_PER_WEEK)
    if isinstance(profile, str):
        if profile not in hourly_profile_names():
            findings.add(at, f"{profile!r} is no packaged profile; there are {', '.join(hourly_profile_names())}")
            return flat
        return load_hourly_profile(profile)
    if isinstance(profile, PeakToMean):
        peak = meaning.bounded(findings, f"{at}/peak_to_mean", profile.peak_to_mean, 1.0, 24.0)
        return week_with_peak(peak)
    if len(profile) not in (24, HOURS_PER_WEEK):
        findings.add(at, f"must have 24 or 168 weights, not {len(profile)}")
        return flat
    bad = [index for index, weight in enumerate(profile) if not (math.isfinite(weight) and weight >= 0)]
    for index in bad:
        findings.add(f"{at}/{index}", f"must be 0 or more, not {profile[index]:g}")
    if bad or not math.isfinite(sum(profile)) or sum(profile) <= 0:
        if not bad:
            findings.add(at, "its weights must add to more than 0")
        return flat
    weights = np.tile(np.array(profile, dtype=np.float64), HOURS_PER_WEEK // len(profile))
    normalised: FloatArray = weights / weights.mean()
    return normalised


def week_with_peak(peak_to_mean: float) -> FloatArray:
    """A week of equal days, each a power of a raised cosine that has the stated peak over its mean, at 14:00 UTC."""
    hours = np.arange(24)
    shape = (1.0 + np.cos((hours - 14) / 24.0 * 2.0 * np.pi)) / 2.0
    # The power that concentrates the day until its peak is the one asked for: the ratio rises with it from 1.
    low, high = 0.0, 2000.0
    for _ in range(80):
        middle = (low + high) / 2.0
        day = shape**middle
        low, high = (middle, high) if day.max() / day.mean() < peak_to_mean else (low, middle)
    day = shape**low
    return np.tile(day / day.mean(), 7)
