"""Connections of the sender: kept, closed and replaced, whatever receivers and name servers do to them."""

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvloop

from service.webhooks.addresses import AddressRule
from service.webhooks.idling import SECONDS_KEPT, IdleConnections
from service.webhooks.resolving import Resolver
from service.webhooks.sending import Sender
from tests.service.webhooks.test_addresses import encrypted, post
from tests.workers.receivers import LOOPBACK, receiver

T = TypeVar("T")
LOOPS = pytest.mark.parametrize("loop", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])


def run(work: Coroutine[Any, Any, T], loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop) -> T:
    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(asyncio.wait_for(work, 20))


@dataclass
class Counting:
    """A receiver in the sender's own loop that counts the connections it has and had."""

    port: int = 0
    had: int = 0
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def has(self, count: int) -> bool:
        """Whether it comes to have this many."""
        for _ in range(200):
            if len(self.open) == count:
                return True
            await asyncio.sleep(0.01)
        return False

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.had += 1
        self.open.append(writer)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n{}")
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self.open.remove(writer)
            writer.close()

    def reset(self) -> None:
        """Ends every connection as a machine does that crashed or a firewall that forgot."""
        for writer in self.open:
            # Whoever closes without lingering sends RST.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


@asynccontextmanager
async def counting() -> AsyncIterator[Counting]:
    kept = Counting()
    server = await asyncio.start_server(kept.take, "127.0.0.1", 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        for writer in tuple(kept.open):
            writer.close()
        await kept.has(0)


def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@LOOPS
def test_a_connection_that_was_reset_while_idle_is_replaced(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def reset_between() -> tuple[list[int | None], int]:
        async with counting() as kept, Sender(LOOPBACK, resolve=here) as sender:
            first = await sender.post(f"http://hooks.example:{kept.port}/", {}, b"{}")
            kept.reset()
            await asyncio.sleep(0.2)
            second = await sender.post(f"http://hooks.example:{kept.port}/", {}, b"{}")
            return [first.status_code, second.status_code], kept.had

    assert run(reset_between(), loop) == ([204, 204], 2)


def test_connections_that_nobody_uses_again_are_closed_when_their_time_is_over() -> None:
    async def leave_behind() -> None:
        now = 0.0
        idle = IdleConnections(clock=lambda: now)
        async with counting() as kept, Sender(LOOPBACK, resolve=here, idle=idle) as sender:
            for name in ("one", "two"):
                await sender.post(f"http://{name}.example:{kept.port}/", {}, b"{}")
            now = SECONDS_KEPT / 2
            await sender.post(f"http://three.example:{kept.port}/", {}, b"{}")
            assert await kept.has(3)
            now = SECONDS_KEPT + 1
            await sender.post(f"http://four.example:{kept.port}/", {}, b"{}")
            assert await kept.has(2)
            await sender.post(f"http://three.example:{kept.port}/", {}, b"{}")
            assert kept.had == 4

    run(leave_behind())


def test_no_more_connections_are_kept_than_the_most_and_the_oldest_go_first() -> None:
    async def keep_two() -> None:
        async with counting() as kept, Sender(LOOPBACK, resolve=here, idle=IdleConnections(most=2)) as sender:
            for name in ("one", "two", "one", "three"):
                await sender.post(f"http://{name}.example:{kept.port}/", {}, b"{}")
            assert await kept.has(2)
            assert kept.had == 3
            # The second was idle for longest.
            await sender.post(f"http://one.example:{kept.port}/", {}, b"{}")
            assert kept.had == 3
            await sender.post(f"http://two.example:{kept.port}/", {}, b"{}")
            assert kept.had == 4

    run(keep_two())


def test_every_connection_is_closed_when_the_sender_is_done() -> None:
    async def leave() -> bool:
        async with counting() as kept:
            async with Sender(LOOPBACK, resolve=here) as sender:
                urls = [f"http://hooks-{number % 3}.example:{kept.port}/" for number in range(9)]
                await asyncio.gather(*(sender.post(url, {}, b"{}") for url in urls))
                assert len(kept.open) == 9
            return await kept.has(0)

    assert run(leave())


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """What takes connections there and never says a word."""
    with socket.socket() as listening:
        listening.bind((address, port))
        listening.listen()
        yield


def test_an_address_that_is_silent_leaves_time_for_the_others_of_its_host(tmp_path: Path) -> None:
    found = ["127.0.0.2", "127.0.0.3", "127.0.0.1"]
    with encrypted(tmp_path) as (port, _, trusting), silent(found[0], port), silent(found[1], port):
        sender = Sender(LOOPBACK, resolve=lambda _host, _port: found, tls=trusting, seconds_to_answer=2)
        [received] = post(sender, f"https://hooks.example:{port}/")
    assert received.status_code == 204
    # The silent ones had half of the time between them, and not all of it.
    assert 900 <= received.milliseconds < 2000


def test_a_host_whose_only_address_is_silent_has_the_whole_time() -> None:
    with receiver() as kept:
        port = int(kept.url.rpartition(":")[2])
        with silent("127.0.0.2", port):
            sender = Sender(LOOPBACK, resolve=lambda _host, _port: ["127.0.0.2"], seconds_to_answer=0.5)
            [received] = post(sender, f"http://hooks.example:{port}/")
    assert received.error == "no whole answer within 0.5 s"


def test_every_address_of_a_host_is_checked_before_the_first_is_connected_to() -> None:
    rule = AddressRule(allowed=(ip_network("127.0.0.1/32"),))
    with receiver() as kept:
        port = int(kept.url.rpartition(":")[2])
        sender = Sender(rule, resolve=lambda _host, _port: ["127.0.0.1", "127.0.0.2"])
        [received] = post(sender, f"http://hooks.example:{port}/")
    assert received.error is not None
    assert "127.0.0.2" in received.error
    assert kept.got == []


def test_a_host_is_looked_up_once_for_all_who_ask_at_the_same_time() -> None:
    asked: Counter[str] = Counter()
    released = threading.Event()

    def slowly(host: str, _port: int) -> list[str]:
        asked[host] += 1
        released.wait(20)
        return [host]

    async def ask() -> None:
        resolver = Resolver(slowly)
        both = [asyncio.ensure_future(resolver.addresses(host, 443)) for host in ("a", "b", "a", "b", "a")]
        given_up = both.pop()
        await asyncio.sleep(0.1)
        given_up.cancel()
        released.set()
        assert await asyncio.gather(*both) == [["a"], ["b"], ["a"], ["b"]]
        assert asked == {"a": 1, "b": 1}
        await resolver.addresses("a", 443)
        assert asked == {"a": 2, "b": 1}
        resolver.close()

    run(ask())


@LOOPS
def test_a_look_up_that_does_not_end_keeps_no_loop_from_ending(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    released, ended = threading.Event(), threading.Event()

    def endlessly(_host: str, _port: int) -> list[str]:
        released.wait(60)
        ended.set()
        return ["127.0.0.1"]

    async def give_up() -> str | None:
        async with Sender(LOOPBACK, resolve=endlessly, seconds_to_answer=0.1) as sender:
            return (await sender.post("http://hooks.example/", {}, b"{}")).error

    assert run(give_up(), loop) == "no whole answer within 0.1 s"
    assert not ended.is_set()
    released.set()
    # What it says when nobody is there any more is no error of the thread.
    assert ended.wait(20)
