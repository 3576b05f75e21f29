"""A price as a provider publishes it: dated, conditional and never overwritten."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

METERS = ("input", "cached_input", "cache_write", "output")
SERVICE_TIERS = ("standard", "batch", "flex", "priority")
STATUSES = ("list", "promotional", "scheduled", "cancelled", "negotiated")
UTC_WINDOWS = ("peak", "off_peak")


@dataclass(frozen=True, kw_only=True)
class Price:
    """`rate` per `per_tokens` tokens of a meter, in force over `[effective_from, effective_to)`.

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


@dataclass(frozen=True, kw_only=True)
class ExchangeRate:
    """`rate` units of `currency` buy one unit of `per`, from a day on."""

    currency: str
    per: str
    rate: Decimal
    starts: datetime
