"""Changed prices of models in use, until a worker has said what each change does to the annual number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length
from service.store.metadata import Id, Model, Moment, WorkspaceId


class PriceWatches(Model):
    """One model's meter whose rows came in one transaction. A row goes in the transaction that writes its event."""

    __tablename__ = "price_watches"
    __table_args__ = (
        Index(None, "workspace_id", "id"),
        length("provider", 200),
        length("model", 200),
        length("meter", 100),
        CheckConstraint("(claim_token IS NULL) = (lease_expires_at IS NULL)", name="lease_when_claimed"),
        CheckConstraint("cardinality(price_ids) > 0", name="some_price"),
    )

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    provider: Mapped[str]
    model: Mapped[str]
    meter: Mapped[str]
    price_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    queued_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claim_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempt: Mapped[int] = mapped_column(Integer)
