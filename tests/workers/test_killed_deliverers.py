"""A deliverer that is killed anywhere loses no event: each arrives at least once, under one id."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from uuid import UUID

import pytest

from service.store.database import Database
from tests.workers.receivers import Got, Hooks, Receiver, receiver, status
from tests.workers.running import WorkerProcesses, wait_until

DELIVERER = ("worker", "-Q", "deliveries", "--pool", "threads", "--concurrency", "1", "--without-gossip")
LEASE = timedelta(seconds=31)


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def hooks(database: Database, workspace_id: UUID) -> Hooks:
    return Hooks(database, workspace_id, seconds_to_answer=5)


def dying(database_url: str, moment: str, number: int) -> int:
    command = [sys.executable, "-m", "tests.workers.dying_deliverer", database_url, moment, str(number)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def recovered(hooks: Hooks, deliveries: int) -> None:
    """Rounds as ticks make them: a dead process's locks last until Postgres notices its end."""
    wait_until(
        lambda: hooks.deliver() >= 0 and len(hooks.deliveries(status="delivered")) == deliveries, "every delivery"
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_death_at_any_commit_loses_nothing_and_tells_each_event_under_one_id(
    hooks: Hooks, receiving: Receiver, database_url: str, moment: str
) -> None:
    hooks.endpoint(f"{receiving.url}/one")
    hooks.endpoint(f"{receiving.url}/two")
    for commit in itertools.count(1):
        hooks.now = datetime.now(UTC)
        receiving.got.clear()
        # Two on one subject, which come one after the other, and one on another.
        for number in (1, 2):
            hooks.announce(f"budget/{commit}", "budget.approved", number=number)
        hooks.announce(f"forecast/{commit}", number=3)
        code = dying(database_url, moment, commit)
        assert code in {0, -signal.SIGKILL}
        hooks.now = datetime.now(UTC) + LEASE
        recovered(hooks, 6 * commit)
        for path in ("/one", "/two"):
            got = receiving.at(path)
            assert {one.data["number"] for one in got} == {1, 2, 3}, f"{moment} commit {commit} at {path}"
            assert len({(one.id, one.data["number"]) for one in got}) == 3
            assert max(Counter(one.id for one in got).values()) <= 2
            in_order = list(dict.fromkeys(one.data["number"] for one in got if one.data["number"] < 3))
            assert in_order == [1, 2]
        assert {one.status for one in hooks.deliveries()} == {"delivered"}
        if code == 0:
            break
    # Published, claimed, recorded and claimed again, recorded: fewer would mean that nothing was tried.
    assert commit > 4


def test_a_deliverer_killed_while_receivers_answer_leaves_the_rest_to_the_next(
    hooks: Hooks, receiving: Receiver, processes: WorkerProcesses
) -> None:
    def slowly(handler: BaseHTTPRequestHandler, got: Got) -> None:
        time.sleep(0.1)
        status(204, b"")(handler, got)

    receiving.answers["/hook"] = slowly
    hooks.endpoint(f"{receiving.url}/hook")
    for number in range(40):
        hooks.announce(f"forecast/{number}", number=number)
    processes.beat()
    first = processes.start(*DELIVERER)
    wait_until(lambda: len(receiving.got) >= 12, "a dozen attempts")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert len({one.data["number"] for one in receiving.got}) < 40
    processes.start(*DELIVERER)
    wait_until(lambda: len(hooks.deliveries(status="delivered")) == 40, "every delivery")
    assert {one.data["number"] for one in receiving.got} == set(range(40))
    assert len(set(receiving.ids("/hook"))) == 40
    # What was on its way, or answered and not yet written down, is sent once more, and nothing else.
    assert max(Counter(receiving.ids("/hook")).values()) <= 2


def test_two_deliverers_at_once_send_each_event_once(
    hooks: Hooks, receiving: Receiver, processes: WorkerProcesses
) -> None:
    paths = [f"/{number}" for number in range(4)]
    for path in paths:
        hooks.endpoint(f"{receiving.url}{path}")
    processes.beat()
    for _ in range(2):
        processes.start(*DELIVERER)
    for number in range(50):
        hooks.announce(f"forecast/{number % 10}", number=number)
    wait_until(lambda: len(hooks.deliveries(status="delivered")) == 200, "every delivery")
    for path in paths:
        got = [one.data["number"] for one in receiving.at(path)]
        assert sorted(got) == list(range(50))
        for subject in range(10):
            assert [number for number in got if number % 10 == subject] == list(range(subject, 50, 10))
