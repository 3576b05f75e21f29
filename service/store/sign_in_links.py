"""Links that sign somebody in to the console: good once and for a quarter of an hour, kept only as hashes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from service.store.database import workspace_of
from service.store.tables import ApiKeys, SignInLinks, Workspaces
from service.store.tokens import hash_of, new_token

GOOD_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class SignInLink:
    """A link that still signs in."""

    key_id: UUID
    workspace_id: UUID
    workspace_name: str


def make_link(session: Connection, key_id: UUID, *, now: datetime) -> tuple[str, datetime]:
    """A new link for this key of the transaction's workspace: its token, which is kept nowhere, and when it expires."""
    token, expires_at = new_token(), now + GOOD_FOR
    session.execute(
        insert(SignInLinks).values(
            token_hash=hash_of(token),
            workspace_id=workspace_of(session),
            key_id=key_id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token, expires_at


def find_link(system_session: Connection, token: str, *, now: datetime) -> SignInLink | None:
    """The link of this token, which stays unused, unless it was used, has expired or its key has."""
    row = system_session.execute(
        select(ApiKeys.id, ApiKeys.workspace_id, Workspaces.name)
        .join(SignInLinks, SignInLinks.key_id == ApiKeys.id)
        .join(Workspaces, Workspaces.id == ApiKeys.workspace_id)
        .where(_signs_in(token, now))
    ).one_or_none()
    return None if row is None else SignInLink(*row)


def claim_link(session: Connection, token: str, *, now: datetime) -> UUID | None:
    """Uses the link up, in one statement, and answers its key; whoever comes second gets None."""
    return session.execute(
        update(SignInLinks)
        .where(SignInLinks.key_id == ApiKeys.id, _signs_in(token, now))
        .values(used_at=now)
        .returning(SignInLinks.key_id)
    ).scalar_one_or_none()


def clean(system_session: Connection, *, now: datetime) -> int:
    """Forgets links that have expired, used or not; answers how many."""
    expired = delete(SignInLinks).where(SignInLinks.expires_at <= now)
    return len(system_session.execute(expired.returning(SignInLinks.key_id)).all())


def _signs_in(token: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        SignInLinks.token_hash == hash_of(token),
        SignInLinks.used_at.is_(None),
        SignInLinks.expires_at > now,
        ApiKeys.revoked_at.is_(None),
        or_(ApiKeys.expires_at.is_(None), ApiKeys.expires_at > now),
    )
