"""What the test fixtures promise to every other test."""

import psycopg
import pytest
import redis

from tests.servers import RealServers


def _value(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_database_of_its_own(empty_database_url: str, turn: int) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    assert _value(empty_database_url, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'") == 1, turn


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_redis(redis_url: str, turn: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0, turn
        client.set("mine", 1)


def test_the_application_role_is_neither_superuser_nor_exempt_from_row_security(empty_database_url: str) -> None:
    statement = "SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert _value(empty_database_url, "SELECT current_user") == "tokencast"
    assert _value(empty_database_url, statement) is False


def test_the_application_role_can_make_the_roles_that_its_migration_needs(servers: RealServers) -> None:
    with servers.empty_database() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE ROLE made_by_test NOLOGIN")
        connection.execute("GRANT made_by_test TO CURRENT_USER")
        connection.execute("SET ROLE made_by_test")
        connection.rollback()


def test_a_database_is_dropped_even_when_somebody_is_still_connected(servers: RealServers) -> None:
    with servers.empty_database() as url:
        left_open = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


def test_the_superuser_sees_the_same_database(servers: RealServers, empty_database_url: str) -> None:
    url = servers.superuser_url_of(empty_database_url)
    assert _value(url, "SELECT current_database()") == _value(empty_database_url, "SELECT current_database()")
    assert _value(url, "SELECT current_user") == "postgres"
