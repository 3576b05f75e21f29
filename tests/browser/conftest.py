"""One service for all tests in a browser, run by `tokencast up`; what changes something has a workspace of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser

from service.local.first_key import create_key_in_database
from service.local.service_file import find_running_service
from tests.browser.chromium import Watched, chromium, find_chromium, watched_page
from tests.browser.in_use import Estate, build_estate
from tests.servers import RealServers
from tests.service.cli.conftest import environment
from tests.service.local.runs import eventually

SCOPES = ("read", "write", "approve", "admin")

Opened = Callable[..., AbstractContextManager[Watched]]


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A new workspace of the running service and a key to it."""

    url: str
    name: str
    key: str
    new_key: Callable[[str, tuple[str, ...]], str]

    @property
    def api(self) -> httpx.Client:
        """The same workspace for programs, to prepare what a page shows."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, trust_env=False, timeout=60
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: its driver keeps an event loop running in this thread, where other tests start their own.
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def served(servers: RealServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a service and the database behind it."""
    find_chromium()
    data_dir = tmp_path_factory.mktemp("served")
    with servers.migrated_database() as database_url, (data_dir / "up.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "up", "--no-demo", "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment(
                data_dir,
                {
                    "TOKENCAST_WORKER_PROCESSES": "1",
                    "TOKENCAST_DATABASE_URL": database_url,
                    "TOKENCAST_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
                },
            ),
            cwd="/",
        )
        try:
            eventually(lambda: find_running_service(data_dir) is not None or process.poll() is not None, 90)
            running = find_running_service(data_dir)
            assert running is not None, Path(errors.name).read_text()
            yield running.url, database_url
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0, Path(errors.name).read_text()


def new_workspace(served: tuple[str, str]) -> Workspace:
    url, database_url = served
    name = f"browser {uuid4()}"

    def new_key(key_name: str, scopes: tuple[str, ...]) -> str:
        _, secret = create_key_in_database(database_url, workspace=name, name=key_name, scopes=scopes)
        return secret

    return Workspace(url=url, name=name, key=new_key("test", SCOPES), new_key=new_key)


@pytest.fixture
def workspace(served: tuple[str, str]) -> Workspace:
    return new_workspace(served)


@pytest.fixture(scope="session")
def used(served: tuple[str, str]) -> tuple[Workspace, Estate]:
    """A workspace with an estate, which every test may read and none may change."""
    workspace = new_workspace(served)
    with workspace.api as api:
        return workspace, build_estate(api)


@pytest.fixture
def opened(browser: Browser, served: tuple[str, str]) -> Opened:
    """Opens a page of the service that watches itself; `width=390` is a phone's."""
    return partial(watched_page, browser, served[0])


@pytest.fixture
def api(workspace: Workspace) -> Iterator[httpx.Client]:
    """The workspace for programs, for as long as a test is."""
    with workspace.api as client:
        yield client
