"""The application's role and database, made by a superuser once: the only thing that the superuser is used for."""

import psycopg
from psycopg import sql


def make_role_and_database(
    connection: psycopg.Connection[tuple[object, ...]], *, role: str, password: str, database: str
) -> None:
    """Makes what is missing; the connection must be in autocommit. The role is bound by row-level security."""
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        # Only a verifier is sent, so no password can end up in the server's log.
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        # It creates the narrower roles that each transaction takes on, hence CREATEROLE.
        statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB CREATEROLE NOBYPASSRLS PASSWORD {}"
        connection.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(verifier.decode())))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        statement = "CREATE DATABASE {} OWNER {}"
        connection.execute(sql.SQL(statement).format(sql.Identifier(database), sql.Identifier(role)))
    connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
