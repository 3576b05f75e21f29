"""Sessions and sign-in links in the database: what opens, until when, and who comes first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text

from service.store import console_sessions, keys, sign_in_links
from service.store.database import Database


def make_key(database: Database, workspace_id: UUID, now: datetime, expires_at: datetime | None = None) -> UUID:
    with database.tenant(workspace_id) as session:
        record, _ = keys.create_key(
            session, workspace_id=workspace_id, name="k", scopes=["read", "write"], expires_at=expires_at, now=now
        )
    return record.id


def open_session(database: Database, workspace_id: UUID, key_id: UUID, now: datetime) -> str:
    with database.tenant(workspace_id) as session:
        return console_sessions.open_session(session, key_id, now=now)


def find(database: Database, token: str, now: datetime) -> console_sessions.ConsoleSession | None:
    with database.system() as session:
        return console_sessions.find_session(session, token, now=now)


def make_link(database: Database, workspace_id: UUID, key_id: UUID, now: datetime) -> str:
    with database.tenant(workspace_id) as session:
        return sign_in_links.make_link(session, key_id, now=now)[0]


def claim(database: Database, workspace_id: UUID, token: str, now: datetime) -> UUID | None:
    with database.tenant(workspace_id) as session:
        return sign_in_links.claim_link(session, token, now=now)


def test_a_session_may_what_its_key_may(database: Database, workspace_id: UUID, now: datetime) -> None:
    key_id = make_key(database, workspace_id, now)
    found = find(database, open_session(database, workspace_id, key_id, now), now)
    assert found is not None
    assert found.key == keys.Key(key_id, workspace_id, frozenset({"read", "write"}))


def test_tokens_are_kept_as_hashes_alone(database: Database, workspace_id: UUID, now: datetime) -> None:
    key_id = make_key(database, workspace_id, now)
    token, link = open_session(database, workspace_id, key_id, now), make_link(database, workspace_id, key_id, now)
    assert len({token, link}) == 2
    assert min(len(token), len(link)) >= 43
    with database.tenant(workspace_id) as session:
        stored = session.execute(
            text("SELECT to_jsonb(s)::text || to_jsonb(l)::text FROM console_sessions s, sign_in_links l")
        ).scalar_one()
    assert token not in stored
    assert link not in stored


def test_a_session_ends_twelve_hours_after_it_was_last_seen(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    token = open_session(database, workspace_id, make_key(database, workspace_id, now), now)
    seen = find(database, token, now + timedelta(hours=11))
    assert seen is not None
    assert seen.ends_at == now + timedelta(hours=23)
    assert find(database, token, now + timedelta(hours=22)) is not None
    assert find(database, token, now + timedelta(hours=34)) is None


def test_a_session_ends_after_seven_days_however_busy(database: Database, workspace_id: UUID, now: datetime) -> None:
    token = open_session(database, workspace_id, make_key(database, workspace_id, now), now)
    for hours in range(11, 7 * 24, 11):
        assert find(database, token, now + timedelta(hours=hours)) is not None
    assert find(database, token, now + timedelta(days=7, seconds=-1)) is not None
    assert find(database, token, now + timedelta(days=7)) is None


def test_a_session_ends_with_its_key(database: Database, workspace_id: UUID, now: datetime) -> None:
    revoked = make_key(database, workspace_id, now)
    token = open_session(database, workspace_id, revoked, now)
    with database.tenant(workspace_id) as session:
        keys.revoke_key(session, revoked, now=now)
    assert find(database, token, now) is None
    expires_at = now + timedelta(hours=1)
    short = open_session(database, workspace_id, make_key(database, workspace_id, now, expires_at), now)
    found = find(database, short, now)
    assert found is not None
    assert found.ends_at == expires_at
    assert find(database, short, expires_at) is None


@pytest.mark.parametrize("spoilt", ["", "x", "{token}x", "{token}\0", "\udcff{token}"])
def test_a_wrong_token_opens_nothing(database: Database, workspace_id: UUID, now: datetime, spoilt: str) -> None:
    token = open_session(database, workspace_id, make_key(database, workspace_id, now), now)
    assert find(database, spoilt.format(token=token), now) is None


def test_another_workspace_cannot_close_a_session(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    token = open_session(database, workspace_id, make_key(database, workspace_id, now), now)
    for closing, closed in ((other_workspace_id, False), (workspace_id, True), (workspace_id, False)):
        with database.tenant(closing) as session:
            assert console_sessions.close_session(session, token) is closed
        assert (find(database, token, now) is None) is (closing == workspace_id)


def test_a_link_is_good_once_and_looking_at_it_uses_nothing(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    key_id = make_key(database, workspace_id, now)
    token = make_link(database, workspace_id, key_id, now)
    for _ in range(2):
        with database.system() as session:
            found = sign_in_links.find_link(session, token, now=now)
        assert found is not None
        assert (found.key_id, found.workspace_id) == (key_id, workspace_id)
    assert claim(database, other_workspace_id, token, now) is None
    assert claim(database, workspace_id, token, now) == key_id
    assert claim(database, workspace_id, token, now) is None
    with database.system() as session:
        assert sign_in_links.find_link(session, token, now=now) is None


def test_of_many_who_claim_a_link_at_once_one_gets_it(database: Database, workspace_id: UUID, now: datetime) -> None:
    key_id = make_key(database, workspace_id, now)
    token = make_link(database, workspace_id, key_id, now)
    together = Barrier(8)

    def race(_: int) -> UUID | None:
        with database.tenant(workspace_id) as session:
            together.wait(timeout=30)
            return sign_in_links.claim_link(session, token, now=now)

    with ThreadPoolExecutor(8) as threads:
        claimed = list(threads.map(race, range(8)))
    assert sorted(claimed, key=str) == sorted([key_id] + [None] * 7, key=str)


def test_a_link_ends_after_a_quarter_of_an_hour_or_with_its_key(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    key_id = make_key(database, workspace_id, now)
    late, withdrawn = (make_link(database, workspace_id, key_id, now) for _ in range(2))
    assert claim(database, workspace_id, late, now + timedelta(minutes=15)) is None
    with database.tenant(workspace_id) as session:
        keys.revoke_key(session, key_id, now=now)
    assert claim(database, workspace_id, withdrawn, now) is None


def test_housekeeping_forgets_what_has_ended_and_nothing_else(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    key_id = make_key(database, workspace_id, now)
    later = now + timedelta(hours=12)
    open_session(database, workspace_id, key_id, now)
    kept = open_session(database, workspace_id, key_id, later)
    make_link(database, workspace_id, key_id, now)
    link = make_link(database, workspace_id, key_id, later)
    with database.system() as session:
        assert console_sessions.clean(session, now=later) >= 1
        assert sign_in_links.clean(session, now=later) >= 1
    with database.tenant(workspace_id) as session:
        assert session.execute(text("SELECT count(*) FROM console_sessions")).scalar_one() == 1
        assert session.execute(text("SELECT count(*) FROM sign_in_links")).scalar_one() == 1
    assert find(database, kept, later) is not None
    assert claim(database, workspace_id, link, later) == key_id
