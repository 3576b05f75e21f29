"""Keys open what they should and nothing longer; an idempotency key answers once and replays."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from service.store import idempotency, keys
from service.store.database import Database
from service.store.errors import IdempotencyConflict, NotFound


def make_key(database: Database, workspace_id: UUID, now: datetime, **fields: datetime) -> tuple[keys.KeyRecord, str]:
    with database.tenant(workspace_id) as session:
        return keys.create_key(
            session, workspace_id=workspace_id, name="first", scopes=["write", "read"], now=now, **fields
        )


def find(database: Database, secret: str, now: datetime) -> keys.Key | None:
    with database.system() as session:
        return keys.find_key(session, secret, now=now)


def test_a_secret_opens_its_workspace_with_its_scopes(database: Database, workspace_id: UUID, now: datetime) -> None:
    record, secret = make_key(database, workspace_id, now)
    assert find(database, secret, now) == keys.Key(record.id, workspace_id, frozenset({"read", "write"}))
    assert secret.startswith(f"tck_{record.prefix}_")


def test_the_secret_itself_is_nowhere_in_the_database(database: Database, workspace_id: UUID, now: datetime) -> None:
    _, secret = make_key(database, workspace_id, now)
    with database.tenant(workspace_id) as session:
        stored = session.execute(text("SELECT to_jsonb(k)::text FROM api_keys k")).scalar_one()
    assert secret.rpartition("_")[2] not in stored
    assert secret not in stored


@pytest.mark.parametrize(
    "spoilt", ["{secret}x", "{secret}\0", "{secret}é", "x{secret}", "tck_{prefix}", "tck_{prefix}_", ""]
)
def test_a_wrong_secret_opens_nothing(database: Database, workspace_id: UUID, now: datetime, spoilt: str) -> None:
    record, secret = make_key(database, workspace_id, now)
    assert find(database, spoilt.format(secret=secret, prefix=record.prefix), now) is None


def test_a_key_ends_when_it_expires_or_is_revoked(database: Database, workspace_id: UUID, now: datetime) -> None:
    _, expiring = make_key(database, workspace_id, now, expires_at=now + timedelta(days=1))
    assert find(database, expiring, now + timedelta(hours=23)) is not None
    assert find(database, expiring, now + timedelta(days=1)) is None
    record, revoked = make_key(database, workspace_id, now)
    with database.tenant(workspace_id) as session:
        keys.revoke_key(session, record.id, now=now)
        again = keys.revoke_key(session, record.id, now=now + timedelta(days=1))
    assert again.revoked_at == now
    assert find(database, revoked, now) is None
    with pytest.raises(NotFound), database.tenant(workspace_id) as session:
        keys.revoke_key(session, uuid4(), now=now)


def test_use_is_noted_at_most_once_a_minute(database: Database, workspace_id: UUID, now: datetime) -> None:
    _, secret = make_key(database, workspace_id, now)
    for seconds in (0, 30, 90):
        find(database, secret, now + timedelta(seconds=seconds))
        with database.tenant(workspace_id) as session:
            (record,), _ = keys.list_keys(session, after=None, limit=9)
        assert record.last_used_at == now + timedelta(seconds=90 if seconds == 90 else 0)


def begin(database: Database, workspace_id: UUID, now: datetime, request_hash: bytes = b"1") -> idempotency.Begun:
    with database.tenant(workspace_id) as session:
        return idempotency.begin(
            session, route="POST /v1/workloads", key="k", request_hash=request_hash, lock_seconds=60, now=now
        )


def test_an_answer_is_replayed_to_the_same_request_for_a_day(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    fresh = begin(database, workspace_id, now)
    assert isinstance(fresh, idempotency.Fresh)
    assert begin(database, workspace_id, now) == idempotency.Running()
    with database.tenant(workspace_id) as session:
        idempotency.finish(session, fresh, status=201, headers={"Location": "/v1/x"}, body=b"{}\xff")
    replay = begin(database, workspace_id, now + timedelta(hours=23))
    assert replay == idempotency.Replay(201, {"Location": "/v1/x"}, b"{}\xff")
    assert begin(database, workspace_id, now, b"2") == idempotency.Mismatch()
    assert isinstance(begin(database, other_workspace_id, now, b"2"), idempotency.Fresh)
    assert isinstance(begin(database, workspace_id, now + timedelta(hours=25), b"2"), idempotency.Fresh)


def test_who_lost_the_lock_cannot_commit(database: Database, workspace_id: UUID, now: datetime) -> None:
    slow = begin(database, workspace_id, now)
    quick = begin(database, workspace_id, now + timedelta(seconds=61))
    assert isinstance(slow, idempotency.Fresh)
    assert isinstance(quick, idempotency.Fresh)
    with pytest.raises(IdempotencyConflict), database.tenant(workspace_id) as session:
        idempotency.finish(session, slow, status=201, headers={}, body=b"")
    with database.tenant(workspace_id) as session:
        idempotency.abandon(session, slow)
        idempotency.finish(session, quick, status=201, headers={}, body=b"")


def test_an_abandoned_key_is_free_again(database: Database, workspace_id: UUID, now: datetime) -> None:
    fresh = begin(database, workspace_id, now)
    assert isinstance(fresh, idempotency.Fresh)
    with database.tenant(workspace_id) as session:
        idempotency.abandon(session, fresh)
    assert isinstance(begin(database, workspace_id, now, b"2"), idempotency.Fresh)


def test_cleaning_forgets_what_is_older_than_a_day(database: Database, workspace_id: UUID, now: datetime) -> None:
    begin(database, workspace_id, now)
    with database.system() as session:
        idempotency.clean(session, now=now + timedelta(hours=23))
    assert begin(database, workspace_id, now) == idempotency.Running()
    with database.system() as session:
        assert idempotency.clean(session, now=now + timedelta(hours=25)) >= 1
    assert isinstance(begin(database, workspace_id, now), idempotency.Fresh)
