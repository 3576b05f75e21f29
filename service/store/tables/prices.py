"""The price book: the packaged catalogue's rows and those of each workspace."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import currency_code, finite, length, one_of
from service.store.metadata import Id, Model, Moment, WorkspaceId

PRICE_STATUSES = ("list", "promotional", "scheduled", "cancelled", "negotiated")


class Prices(Model):
    """History, never overwritten. A row without a workspace belongs to the packaged catalogue, which all may read."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "content_hash", postgresql_nulls_not_distinct=True),
        Index(None, "provider", "model", "meter"),
        Index(None, "workspace_id", "id"),
        length("provider", 200),
        length("model", 200),
        length("meter", 100),
        length("service_tier", 100),
        finite("rate", "0"),
        currency_code(),
        CheckConstraint("per_tokens > 0", name="per_tokens_positive"),
        CheckConstraint("prompt_tokens_from >= 0", name="prompt_tokens_from_not_negative"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="effective_period"),
        CheckConstraint(one_of("status", PRICE_STATUSES), name="status_known"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash_is_sha256"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId | None]
    provider: Mapped[str]
    model: Mapped[str]
    meter: Mapped[str]
    rate: Mapped[Decimal]
    currency: Mapped[str]
    per_tokens: Mapped[int] = mapped_column(BigInteger)
    effective_from: Mapped[Moment]
    effective_to: Mapped[Moment | None]
    recorded_at: Mapped[Moment]
    end_recorded_at: Mapped[Moment | None]
    status: Mapped[str]
    utc_window: Mapped[str | None]
    service_tier: Mapped[str]
    prompt_tokens_from: Mapped[int] = mapped_column(BigInteger)
    region: Mapped[str | None]
    source: Mapped[str | None]
    date_basis: Mapped[str | None]
    confidence: Mapped[str | None]
    note: Mapped[str | None]
    created_at: Mapped[Moment]
    content_hash: Mapped[bytes]
