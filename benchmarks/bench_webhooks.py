"""Deliveries per second from the outbox through a deliverer, against a bare httpx loop that posts the same bodies.

Both send to one receiver, a process of its own. Ours publishes, claims, signs, sends, and writes every attempt down.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
from sqlalchemy import text

from service.store import outbox
from service.store.database import Database, connect
from service.store.webhooks import endpoints, secrets
from service.store.webhooks.endpoints import NewEndpoint
from service.store.workspaces import ensure_workspace
from service.webhooks.addresses import AddressRule
from service.webhooks.sending import Sender
from service.webhooks.signing import new_secret
from tests.servers import real_servers
from workers.delivering import deliver_due

EVENTS = 2000
ROUNDS = 5
CLAIM = 0.5
LOOPBACK = AddressRule(allowed=(ip_network("127.0.0.0/8"),))

# As cheap a receiver as there is, so that the senders are what is measured.
RECEIVER = """
import asyncio, uvloop
class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.left = transport, b""
    def data_received(self, data):
        self.left += data
        while True:
            head, mark, rest = self.left.partition(b"\\r\\n\\r\\n")
            if not mark:
                return
            length = int(head.lower().partition(b"content-length:")[2].split(b"\\r")[0])
            if len(rest) < length:
                return
            self.left = rest[length:]
            self.transport.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
uvloop.run(main())
"""


@contextmanager
def receiver() -> Iterator[str]:
    """The address of a receiver that takes everything, for the length of the block."""
    with subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            port = "" if process.stdout is None else process.stdout.readline().strip()
            yield f"http://127.0.0.1:{port}/hooks"
        finally:
            process.kill()


def announce(database: Database, workspace_id: UUID) -> None:
    now = datetime.now(UTC)
    with database.tenant(workspace_id) as session:
        for number in range(EVENTS):
            data = {"id": f"{number:032x}", "status": "succeeded"}
            outbox.add(session, event="forecast.succeeded", subject=f"forecast/{number}", data=data, now=now)


def ours(database: Database) -> float:
    began = time.perf_counter()
    made = deliver_due(database, lambda: Sender(LOOPBACK), clock=lambda: datetime.now(UTC), lease_seconds=30)
    seconds = time.perf_counter() - began
    if made != EVENTS:
        raise RuntimeError(f"{made} attempts for {EVENTS} events")
    return EVENTS / seconds


def bare(url: str, bodies: list[bytes]) -> float:
    with httpx.Client() as client:
        began = time.perf_counter()
        for body in bodies:
            client.post(url, content=body, headers={"Content-Type": "application/json"}).raise_for_status()
        return len(bodies) / (time.perf_counter() - began)


def main() -> int:
    with real_servers() as servers, servers.migrated_database() as database_url, receiver() as url:
        database = connect(database_url, 3)
        now = datetime.now(UTC)
        with database.system() as session:
            workspace_id = ensure_workspace(session, "benchmark", now=now)
        with database.tenant(workspace_id) as session:
            new = NewEndpoint(url=url, description="", events=None, envelope="standard", enabled=True)
            endpoint = endpoints.add(session, new, now=now)
            secrets.add(session, endpoint.id, new_secret(), old_until=now, now=now)
        rounds = []
        for _ in range(ROUNDS):
            announce(database, workspace_id)
            delivered = ours(database)
            with database.tenant(workspace_id) as session:
                newest = text("SELECT body FROM webhook_deliveries ORDER BY id DESC LIMIT :events")
                bodies = [bytes(body) for body in session.execute(newest, {"events": EVENTS}).scalars()]
                left = session.execute(text("SELECT count(*) FROM webhook_deliveries WHERE status <> 'delivered'"))
                if left.scalar_one() > 0:
                    raise RuntimeError("not everything was delivered")
            rounds.append((delivered, bare(url, bodies)))
        database.dispose()
    ratio = statistics.median(one / other for one, other in rounds)
    print(
        json.dumps(
            {
                "events": EVENTS,
                "deliveries_per_second": round(statistics.median(one for one, _ in rounds)),
                "bare_posts_per_second": round(statistics.median(other for _, other in rounds)),
                "ratio": round(ratio, 2),
                "wanted": f"at least {CLAIM:g}",
            }
        )
    )
    return 0 if ratio >= CLAIM else 1


if __name__ == "__main__":
    sys.exit(main())
