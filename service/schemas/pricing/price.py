"""A price row on the wire, and its conversion to the domain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.prices.in_force.overlaps import find_overlaps
from forecasts.prices.price import Price, usual_per_tokens
from service.schemas import meaning
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Text, Wire
from service.schemas.workload.workload import ServiceTier

Meter = Literal[
    "input",
    "cached_input",
    "cache_write",
    "cache_write_5m",
    "cache_write_1h",
    "output",
    "reasoning_output",
    "audio_input",
    "cached_audio_input",
    "audio_output",
    "image_input",
    "image_output",
    "image",
    "request",
    "web_search",
]
Status = Literal["list", "promotional", "scheduled", "cancelled", "negotiated"]


class PriceIn(Wire, kw_only=True, frozen=True):
    """`rate` is per `per_tokens` of the meter's units: by default a million tokens, or one image, request or search."""

    provider: Name
    model: Name
    meter: Meter
    rate: Amount
    currency: CurrencyCode = "USD"
    per_tokens: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] | None = None
    effective_from: str
    effective_to: str | None = None
    recorded_at: str | None = None
    status: Status = "list"
    utc_window: Literal["peak", "off_peak"] | None = None
    service_tier: ServiceTier = "standard"
    prompt_tokens_from: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    region: Label | None = None
    source: Text = ""
    date_basis: Label = ""
    confidence: Label = ""

    def to_price(self, findings: Findings, at: str, *, now: datetime) -> Price:
        """The domain value; a row without `recorded_at` is known from `now` on."""
        if "/" in self.provider:
            findings.add(f"{at}/provider", "must not contain a slash: routes are written as provider/model")
        starts = meaning.instant(findings, f"{at}/effective_from", self.effective_from)
        ends = None
        if self.effective_to is not None:
            ends = meaning.instant(findings, f"{at}/effective_to", self.effective_to)
            if ends <= starts:
                findings.add(f"{at}/effective_to", "must be later than effective_from")
        recorded = now
        if self.recorded_at is not None:
            recorded = meaning.instant(findings, f"{at}/recorded_at", self.recorded_at)
        return Price(
            provider=self.provider,
            model=self.model,
            meter=self.meter,
            rate=meaning.amount(findings, f"{at}/rate", self.rate),
            currency=self.currency,
            per_tokens=self.per_tokens or usual_per_tokens(self.meter),
            effective_from=starts,
            effective_to=ends,
            recorded_at=recorded,
            status=self.status,
            utc_window=self.utc_window,
            service_tier=self.service_tier,
            prompt_tokens_from=self.prompt_tokens_from,
            region=self.region,
            source=self.source,
            date_basis=self.date_basis,
            confidence=self.confidence,
        )


def check_overlaps(rows: Sequence[Price], findings: Findings, at: str) -> None:
    """Records rows of one list that cannot both be meant, by pointers `at`/position, once each row is in order."""
    if findings.problems:
        return
    for index, other in find_overlaps(rows):
        before = rows[other]
        ends = "on" if before.effective_to is None else f"to {before.effective_to:%Y-%m-%dT%H:%MZ}"
        findings.add(
            f"{at}/{index}/effective_from",
            f"overlaps row {other}, which has the same status, conditions and source from"
            f" {before.effective_from:%Y-%m-%dT%H:%MZ} {ends}: a correction has a later recorded_at",
        )
