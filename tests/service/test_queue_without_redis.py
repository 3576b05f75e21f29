"""The API goes on when the queue does not: what cannot be sent is sent later by housekeeping."""

import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from service.queue import Queue


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_refused_connection_is_told_within_a_second() -> None:
    queue = Queue("redis://127.0.0.1:1/0")
    begun = time.monotonic()
    assert not queue.send_forecast(uuid4(), uuid4())
    assert time.monotonic() - begun < 1
    queue.close()


def test_a_redis_that_hangs_is_waited_for_once_and_then_left_alone(silent_port: int) -> None:
    queue = Queue(f"redis://127.0.0.1:{silent_port}/0")
    begun = time.monotonic()
    assert not queue.send_forecast(uuid4(), uuid4())
    assert time.monotonic() - begun < 10
    again = time.monotonic()
    assert not any(queue.send_forecast(uuid4(), uuid4()) for _ in range(20))
    assert time.monotonic() - again < 0.5
    queue.close()


def test_a_check_of_a_redis_that_is_away_raises() -> None:
    queue = Queue("redis://127.0.0.1:1/0")
    with pytest.raises(Exception, match="Connection refused"):
        queue.check()
    queue.close()
