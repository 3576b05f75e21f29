"""What the containers run works from nothing but the image: its files, its installs, the compose file's commands."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from service.local.data_directory import locked_data_directory
from service.local.ports import free_port
from service.local.supervisor import ChildSpec, Supervisor
from tests.servers import RealServers
from tests.service.local.container_files import (
    ROOT,
    compose,
    dockerfile,
    image_command,
    image_health_check,
    interpolated,
)
from tests.service.local.runs import eventually

# It installs everything from the package index.
pytestmark = pytest.mark.timeout(600)
# Steps that make users and folders of the image itself and would change this machine.
_OF_THE_IMAGE = re.compile(r"^(groupadd|useradd) ")


@dataclass(frozen=True)
class Image:
    """A folder filled and a Python environment installed as the Dockerfile says."""

    folder: Path
    programs: Path

    def environment(self, additions: Mapping[str, str]) -> dict[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}"
        # Nothing of this checkout may be found by way of the tests' own environment.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TOKENCAST", "VIRTUAL"))
        }
        return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "HOSTNAME": socket.gethostname(), **additions}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    app, environment = folder / "app", folder / "environment"
    app.mkdir()
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    made = Image(app, environment / "bin")
    for step in dockerfile():
        if step.name == "COPY":
            *sources, target = step.words()
            for source in sources:
                _copy(ROOT / source, app / target)
        elif step.name == "RUN" and not _OF_THE_IMAGE.match(step.text):
            done = subprocess.run(
                ["/bin/sh", "-c", step.text],
                cwd=app,
                env=made.environment({}),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    return made


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


@dataclass(frozen=True)
class Deployment:
    """The compose file's commands and environments, with the addresses of the tests' servers."""

    image: Image
    servers: RealServers
    port: int
    database: str = "of_containers"

    def environment(self, service: str) -> dict[str, str]:
        database, redis = urlsplit(self.servers.servers.database_url), urlsplit(self.servers.redis_url)
        values = {
            "POSTGRES_PASSWORD": urlsplit(self.servers.superuser_url).password or "",
            "TOKENCAST_DATABASE_PASSWORD": database.password or "",
            "TOKENCAST_REDIS_PASSWORD": redis.password or "",
        }
        written = {
            name: interpolated(text, values) for name, text in compose()["services"][service]["environment"].items()
        }
        moved = {
            name: text.replace("@db:5432/tokencast", f"@{database.hostname}:{database.port}/{self.database}")
            .replace("@db:5432", f"@{database.hostname}:{database.port}")
            .replace("@redis:6379", f"@{redis.hostname}:{redis.port}")
            for name, text in written.items()
        }
        return self.image.environment(moved)

    def command(self, words: list[str]) -> list[str]:
        """The words with this machine's port, on the loopback interface only."""
        here = {"8351": str(self.port), "0.0.0.0": "127.0.0.1"}  # noqa: S104 - it is replaced
        moved = [here.get(word, word) for word in words]
        moved = [word.replace("127.0.0.1:8351", f"127.0.0.1:{self.port}") for word in moved]
        return [str(self.image.programs / "python") if word == "python" else word for word in moved]

    def service_command(self, service: str) -> list[str]:
        return self.command([interpolated(word, {}) for word in compose()["services"][service]["command"]])

    def healthy(self, service: str) -> bool:
        kind, *words = compose()["services"][service]["healthcheck"]["test"]
        assert kind == "CMD"
        check = self.command(words)
        done = subprocess.run(check, cwd=self.image.folder, env=self.environment(service), check=False)
        return done.returncode == 0


@pytest.fixture(scope="module")
def deployment(image: Image, servers: RealServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Migrated once, with the API, a worker and the scheduler running."""
    servers.flush_redis()
    folder = tmp_path_factory.mktemp("deployment")
    made = Deployment(image, servers, free_port())
    migration = subprocess.run(
        made.service_command("migrate"),
        cwd=image.folder,
        env=made.environment("migrate"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert migration.returncode == 0, migration.stdout + migration.stderr

    def waiting_for() -> str | None:
        try:
            return None if httpx.get(f"http://127.0.0.1:{made.port}/readyz").is_success else "not ready"
        except httpx.HTTPError as error:
            return str(error)

    children = [
        ChildSpec(
            name="service",
            argv=made.command(image_command()),
            env=made.environment("service"),
            cwd=image.folder,
            ready=waiting_for,
        ),
        *(
            ChildSpec(name=name, argv=made.service_command(name), env=made.environment(name), cwd=image.folder)
            for name in ("worker", "deliverer", "scheduler")
        ),
    ]
    with (
        locked_data_directory(folder / "run", print) as (data, lock),
        Supervisor(data, lock, print) as supervisor,
    ):
        supervisor.start(children)
        yield made
        assert supervisor.failed_child() is None
    with psycopg.connect(servers.superuser_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {made.database} WITH (FORCE)")


def test_the_service_answers_that_it_is_ready(deployment: Deployment) -> None:
    assert httpx.get(f"http://127.0.0.1:{deployment.port}/readyz").status_code == 200


def test_the_image_finds_its_service_healthy(deployment: Deployment) -> None:
    check = deployment.command(image_health_check())
    assert subprocess.run(check, env=deployment.environment("service"), check=False).returncode == 0


@pytest.mark.parametrize("service", ["worker", "deliverer", "scheduler"])
def test_the_compose_file_finds_the_others_healthy(deployment: Deployment, service: str) -> None:
    assert eventually(lambda: deployment.healthy(service), seconds=60)


def test_the_application_does_not_run_as_the_superuser(deployment: Deployment) -> None:
    with psycopg.connect(deployment.environment("service")["TOKENCAST_DATABASE_URL"]) as connection:
        statement = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(statement).fetchone() == ("tokencast", False)
    assert "TOKENCAST_SUPERUSER_URL" not in deployment.environment("service")
