"""POST /v1/workloads at 32 clients, against the same statements sent by the bare driver behind the same server.

Claim: at least half its throughput. Both routes live in one granian process (benchmarks/bare_post.py); the load comes
from this process, and the routes take turns, so that both meet the same machine.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
import msgspec

from benchmarks.whole_service import Client, whole_service, workload
from service.local.ports import LOOPBACK, free_port
from service.local.supervisor import ChildSpec, python_command
from service.local.up import Addresses

CLIENTS = 32
SECONDS = 2.0
ROUNDS = 6
CLAIM = 0.5
OURS, BARE = "/v1/workloads", "/bare/workloads"

_numbers = count()


def server(port: int, _: Addresses, environment: Mapping[str, str]) -> Sequence[ChildSpec]:
    """Started as `service.local.up` starts the API."""
    options = ("--interface", "asgi", "--host", LOOPBACK, "--port", str(port), "--workers", "1", "--no-ws")
    command = ("-m", "granian", *options, "benchmarks.bare_post:make_app", "--factory")

    def waiting_for() -> str | None:
        try:
            answer = httpx.get(f"http://{LOOPBACK}:{port}/readyz", trust_env=False)
        except httpx.HTTPError as error:
            return f"waiting for the server ({error})"
        return None if answer.status_code == httpx.codes.OK else "waiting for the server"

    return [ChildSpec(name="both-routes", argv=python_command(*command), env=environment, ready=waiting_for)]


async def one_client(port: int, api_key: str, path: str, ends: float) -> list[float]:
    """Seconds of each request, sent as fast as they are answered over one connection.

    A client of a few lines, to leave the processors to the server.
    """
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    head = f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nAuthorization: Bearer {api_key}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: "
    times: list[float] = []
    while (started := time.perf_counter()) < ends:
        body = msgspec.json.encode(workload(f"workload {next(_numbers)}"))
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0])
        content = await reader.readexactly(length)
        if not answer.startswith(b"http/1.1 201"):
            raise RuntimeError(f"{path} answered {answer!r} {content[:300]!r}")
        times.append(time.perf_counter() - started)
    writer.close()
    await writer.wait_closed()
    return times


async def load(port: int, api_key: str, path: str) -> list[float]:
    """Seconds of every request of one turn, sorted."""
    ends = time.perf_counter() + SECONDS
    turns = await asyncio.gather(*(one_client(port, api_key, path, ends) for _ in range(CLIENTS)))
    return sorted(seconds for turn in turns for seconds in turn)


def main() -> int:
    port = free_port()
    rates: dict[str, list[float]] = {OURS: [], BARE: []}
    with whole_service(partial(server, port)) as service:
        # The second request sends what every later one sends: the key and the model are known by then.
        client = Client(f"http://{LOOPBACK}:{port}", service.api_key)
        for path in (OURS, OURS, BARE):
            status, answer = client.post(path, workload(f"workload {next(_numbers)}"))
            if status != httpx.codes.CREATED:
                raise RuntimeError(f"{path} answered {status}: {answer[:300]!r}")
        client.close()
        for turn in range(ROUNDS + 1):
            for path, found in rates.items():
                times = asyncio.run(load(port, service.api_key, path))
                found.append(len(times) / SECONDS)
                p50, p99 = times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
                ended = "" if turn else " (warm-up)"
                print(f"{path:16} {found[-1]:6.0f} requests/s, p50 {p50:5.1f} ms, p99 {p99:5.1f} ms{ended}")
    rates = {path: found[1:] for path, found in rates.items()}
    ratio = statistics.median(ours / bare for ours, bare in zip(rates[OURS], rates[BARE], strict=True))
    ours, bare = (statistics.median(found) for found in rates.values())
    print(
        f"{CLIENTS} clients: store {ours:.0f}, bare driver {bare:.0f} requests/s (medians): "
        f"{ratio:.2f} of it (claim: at least {CLAIM})"
    )
    return 0 if ratio >= CLAIM else 1


if __name__ == "__main__":
    sys.exit(main())
