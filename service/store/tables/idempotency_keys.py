"""What a repeated POST is answered with."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.store.constraints import length, one_of
from service.store.metadata import Model, Moment, WorkspaceId


class IdempotencyKeys(Model):
    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index(None, "created_at"),
        length("key", 255),
        CheckConstraint(one_of("state", ("running", "finished")), name="state_known"),
        CheckConstraint("(state = 'finished') = (response_status IS NOT NULL)", name="response_when_finished"),
    )

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    state: Mapped[str]
    token: Mapped[UUID]
    locked_until: Mapped[Moment]
    created_at: Mapped[Moment]
    response_status: Mapped[int | None] = mapped_column(SmallInteger)
    response_headers: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    response_body: Mapped[bytes | None]
