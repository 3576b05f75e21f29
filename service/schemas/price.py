"""A price row on the wire, and its conversion to the domain."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.prices.price import Price
from service.schemas import meaning
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Text, Wire
from service.schemas.workload import ServiceTier

Meter = Literal["input", "cached_input", "cache_write", "output"]
Status = Literal["list", "promotional", "scheduled", "cancelled", "negotiated"]


class PriceIn(Wire, kw_only=True, frozen=True):
    provider: Name
    model: Name
    meter: Meter
    rate: Amount
    currency: CurrencyCode = "USD"
    per_tokens: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] = 1_000_000
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
            per_tokens=self.per_tokens,
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
