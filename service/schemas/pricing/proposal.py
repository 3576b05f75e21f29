"""Proposed prices as a resource, and the decision about them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas.page import PageQuery
from service.schemas.wire import Name, Wire
from service.store.price_book.proposals import ProposalRecord

ProposalStatus = Literal["open", "accepted", "rejected", "superseded"]

_Filter = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ProposalQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    status: ProposalStatus | None = None
    provider: _Filter | None = None
    model: _Filter | None = None


class ProposalOut(msgspec.Struct, frozen=True, kw_only=True):
    """A price that a catalogue states, beside the row that was in force when it was proposed (`current_...`)."""

    id: UUID
    status: str
    format: str
    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    service_tier: str
    prompt_tokens_from: int
    source: str
    current_price_id: UUID | None
    current_rate: Decimal | None
    current_per_tokens: int | None
    current_source: str | None
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None


class ProposalPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ProposalOut]
    next_cursor: str | None


class DecisionIn(Wire, kw_only=True, frozen=True):
    """Which proposals: by `ids`, or all open ones of a model."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=10_000)] | None = None
    provider: Name | None = None
    model: Name | None = None

    def check(self) -> None:
        """Raises InvalidInput unless it says which, in one of the two ways."""
        findings = Findings()
        by_model = self.provider is not None or self.model is not None
        if self.ids is None and not by_model:
            findings.add("/ids", "is needed, or provider and model")
        if self.ids is not None and by_model:
            findings.add("/ids", "cannot stand beside provider and model: choose one of both")
        if by_model:
            for name in ("provider", "model"):
                if getattr(self, name) is None:
                    findings.add(f"/{name}", "is needed: proposals are decided for one provider's model")
        findings.end()


class DecisionOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many proposals were decided, and how many new rows the book has of it."""

    decided: int
    inserted: int


def proposal_out(record: ProposalRecord) -> ProposalOut:
    return ProposalOut(
        id=record.id,
        status=record.status,
        format=record.format,
        provider=record.provider,
        model=record.model,
        meter=record.meter,
        rate=record.rate,
        currency=record.currency,
        per_tokens=record.per_tokens,
        effective_from=record.effective_from,
        service_tier=record.service_tier,
        prompt_tokens_from=record.prompt_tokens_from,
        source=record.source,
        current_price_id=record.current_price_id,
        current_rate=record.current_rate,
        current_per_tokens=record.current_per_tokens,
        current_source=record.current_source,
        created_at=record.created_at,
        decided_at=record.decided_at,
        decided_by=record.decided_by,
    )
