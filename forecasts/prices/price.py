"""A price as a provider publishes it: dated, conditional and never overwritten."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

# What is counted, and in which unit; a meter of tokens is quoted per million of them unless a row says otherwise.
UNITS_BY_METER = {
    "input": "Tokens",
    "cached_input": "Tokens",
    "cache_write": "Tokens",
    "cache_write_5m": "Tokens",
    "cache_write_1h": "Tokens",
    "output": "Tokens",
    "reasoning_output": "Tokens",
    "audio_input": "Tokens",
    "cached_audio_input": "Tokens",
    "audio_output": "Tokens",
    "image_input": "Tokens",
    "image_output": "Tokens",
    "image": "Images",
    "request": "Requests",
    "web_search": "Searches",
}
METERS = tuple(UNITS_BY_METER)
# A provider without a price of its own for a meter bills it as another one. Audio and whole images have no such
# stand-in: text rates say nothing about them.
BILLED_AS = {
    "cached_input": ("input",),
    "cache_write": ("input",),
    "cache_write_5m": ("cache_write", "input"),
    "cache_write_1h": ("cache_write", "input"),
    "reasoning_output": ("output",),
    "cached_audio_input": ("audio_input",),
    "image_input": ("input",),
}
SERVICE_TIERS = ("standard", "batch", "flex", "priority")
STATUSES = ("list", "promotional", "scheduled", "cancelled", "negotiated")
UTC_WINDOWS = ("peak", "off_peak")


@dataclass(frozen=True, kw_only=True)
class Price:
    """`rate` per `per_tokens` of a meter's units, in force over `[effective_from, effective_to)`.

    `recorded_at` is when it was known: a forecast as of an earlier date does not see it.
    """

    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str = "USD"
    per_tokens: int = 1_000_000
    effective_from: datetime
    effective_to: datetime | None = None
    recorded_at: datetime
    status: str = "list"
    utc_window: str | None = None
    service_tier: str = "standard"
    prompt_tokens_from: int = 0
    region: str | None = None
    source: str = ""
    date_basis: str = ""
    confidence: str = ""


def usual_per_tokens(meter: str) -> int:
    """What a rate is quoted per where nothing else is said: a million tokens, or one image, request or search."""
    return 1_000_000 if UNITS_BY_METER[meter] == "Tokens" else 1


@dataclass(frozen=True, kw_only=True)
class ExchangeRate:
    """`rate` units of `currency` buy one unit of `per`, from a day on."""

    currency: str
    per: str
    rate: Decimal
    starts: datetime
