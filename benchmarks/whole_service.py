"""What the benchmarks of the service share: a whole service of one's own, a first key for it, and a plain client."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from service.local.supervisor import ChildSpec
from service.local.up import Addresses, private_service, service_children
from service.settings import with_driver
from service.store import keys, workspaces
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect

ROOT = Path(__file__).resolve().parent.parent

MoreChildren = Callable[[Addresses, Mapping[str, str]], Sequence[ChildSpec]]


@dataclass(frozen=True, kw_only=True)
class WholeService:
    addresses: Addresses
    api_key: str
    workspace_id: UUID

    @property
    def database_url(self) -> str:
        return with_driver(self.addresses.database_url)

    @property
    def redis_url(self) -> str:
        return self.addresses.redis_url


@contextmanager
def whole_service(more: MoreChildren = lambda _addresses, _environment: ()) -> Iterator[WholeService]:
    """The embedded default in a temporary folder, with `more` children started beside it; all end with the block."""
    known: dict[str, Any] = {}

    def composition(addresses: Addresses, environment: Mapping[str, str]) -> list[ChildSpec]:
        known["addresses"] = addresses
        # The children of a benchmark live in a folder that is not installed.
        paths = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
        ours = {**environment, "PYTHONPATH": os.pathsep.join(paths)}
        return [*service_children(addresses, ours), *more(addresses, ours)]

    def first_key(_: Path, database_url: str) -> str:
        now = datetime.now(UTC)
        database = connect(with_driver(database_url), 1)
        try:
            sync_packaged_catalog(database, now)
            with database.system() as session:
                known["workspace_id"] = workspace_id = workspaces.ensure_workspace(session, "benchmark", now=now)
            with database.tenant(workspace_id) as session:
                _, secret = keys.create_key(
                    session, workspace_id=workspace_id, name="benchmark", scopes=["read", "write"], now=now
                )
        finally:
            database.dispose()
        return secret

    def report(line: str) -> None:
        print(f"  {line}", file=sys.stderr)

    with private_service(first_key=first_key, report=report, composition=composition) as (_, api_key):
        yield WholeService(addresses=known["addresses"], api_key=api_key, workspace_id=known["workspace_id"])


def workload(name: str) -> dict[str, Any]:
    """A chat workload on one API route, about 1 kB as JSON."""
    return {
        "name": name,
        "cost_center": "4100",
        "gl_account": "6420",
        "task": "chat",
        "temperature": 0.7,
        "top_p": 1.0,
        "demand": {
            "base_month": "2027-01",
            "requests_per_month": 2000000,
            "input_tokens_per_request": 1200,
            "cached_input_fraction": 0.3,
            "cache_write_fraction": 0,
            "output_tokens_per_request": {"mean": 350},
            "reasoning_fraction": 0,
            "monthly_growth": {"low": 0, "mode": 0.02, "high": 0.06},
            "noise_fraction": 0.15,
            "noise_autocorrelation": 0.6,
            "seasonality": None,
            "hourly_profile": "flat",
            "steps": [{"from": "2027-06", "factor": 1.2, "why": "the assistant opens to all customers"}],
        },
        "min_tokens_per_second_per_user": None,
        "waiting": None,
        "compare_to": None,
        "routes": [{"from": None, "to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}],
    }


class Client:
    """One keep-alive connection that sends JSON; plain, because a rich client would be measured as well."""

    def __init__(self, url: str, api_key: str) -> None:
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or 80)
        self._socket = socket.create_connection(address, timeout=70)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._head = f"Host: {address[0]}\r\nAuthorization: Bearer {api_key}\r\nContent-Type: application/json\r\n"

    def post(self, path: str, body: object, **headers: str) -> tuple[int, bytes]:
        content = msgspec.json.encode(body)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\n{self._head}{more}Content-Length: {len(content)}\r\n\r\n"
        self._socket.sendall(head.encode() + content)
        status = int(self._answers.readline().split()[1])
        length = 0
        while (line := self._answers.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, self._answers.read(length)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()
