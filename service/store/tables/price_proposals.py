"""Prices that a public catalogue proposes, until somebody has decided about them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, finite, length, one_of
from service.store.metadata import Id, Model, Moment, WorkspaceId

PROPOSAL_STATUSES = ("open", "accepted", "rejected", "superseded")


class PriceProposals(Model):
    """Nothing here is a price: only an accepted proposal becomes a row of the book, recorded when it is accepted."""

    __tablename__ = "price_proposals"
    __table_args__ = (
        # The same statement waits once, and is not made again after it was rejected.
        Index(
            "uq_price_proposals_undecided",
            "workspace_id",
            "statement_hash",
            unique=True,
            postgresql_where=text("status IN ('open', 'rejected')"),
        ),
        Index(None, "workspace_id", "id"),
        Index("ix_price_proposals_open_conditions", "conditions_hash", postgresql_where=text("status = 'open'")),
        length("provider", 200),
        length("model", 200),
        length("meter", 100),
        finite("rate", "0"),
        currency_code(),
        CheckConstraint("per_tokens > 0", name="per_tokens_positive"),
        CheckConstraint(one_of("status", PROPOSAL_STATUSES), name="status_known"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at_when_decided"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    status: Mapped[str]
    format: Mapped[str]
    provider: Mapped[str]
    model: Mapped[str]
    meter: Mapped[str]
    rate: Mapped[Decimal]
    currency: Mapped[str]
    per_tokens: Mapped[int] = mapped_column(BigInteger)
    effective_from: Mapped[Moment]
    service_tier: Mapped[str]
    prompt_tokens_from: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]
    date_basis: Mapped[str]
    current_price_id: Mapped[UUID | None]
    current_rate: Mapped[Decimal | None]
    current_per_tokens: Mapped[int | None] = mapped_column(BigInteger)
    current_source: Mapped[str | None]
    conditions_hash: Mapped[bytes]
    statement_hash: Mapped[bytes]
    created_at: Mapped[Moment]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None]
