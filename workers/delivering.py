"""Delivers what is due: many at once, few to each endpoint, with claims and results in batches.

Nothing here decides for longer than a lease: a worker that dies anywhere leaves what it held to be sent again, under
the same id.
"""

import asyncio
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import structlog
import uvloop

from service.store.database import Database
from service.store.webhooks import claims, outcomes
from service.store.webhooks.claims import DeliveryClaim
from service.store.webhooks.outcomes import Outcome
from service.webhooks.answers import verdict_on
from service.webhooks.sending import Received, Sender
from service.webhooks.signing import signed_headers
from workers.fanning_out import EVENTS_AT_ONCE, fan_out

Clock = Callable[[], datetime]
T = TypeVar("T")

# One endpoint is never sent more than this at once, and one at a time while it fails.
_AT_ONCE_TO_ENDPOINT = 8
_HELD_AT_ONCE = 2048
_SECONDS_BETWEEN_LOOKS = 0.25
# With much in hand, results are left to gather before they are written.
_MUCH = 32
_SECONDS_TO_GATHER = 0.02
# A job that never ended would keep its process from being told anything; the next tick sends another.
_SECONDS_OF_A_JOB = 60.0
# A process that is told to stop gives what it is sending this long.
_SECONDS_TO_STOP = 5.0

log = structlog.get_logger()


def deliver_due(
    database: Database,
    make_sender: Callable[[], Sender],
    *,
    clock: Clock,
    lease_seconds: float,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Publishes events and delivers until nothing is due any more; answers how many attempts that took.

    Several workers at once deliver different ones. A database that goes away ends it, and leases repair it.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_deliver(database, make_sender, clock, lease_seconds, stopping))


async def _deliver(
    database: Database,
    make_sender: Callable[[], Sender],
    clock: Clock,
    lease_seconds: float,
    stopping: Callable[[], bool],
) -> int:
    # The database has a thread that nothing else can hold up.
    with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:
        async with make_sender() as sender:
            return await _send_all(_Round(database, thread, sender, clock, lease_seconds), stopping)


async def _send_all(round_: "_Round", stopping: Callable[[], bool]) -> int:
    ends_at = leaves_at = time.monotonic() + _SECONDS_OF_A_JOB
    try:
        while True:
            now = time.monotonic()
            if stopping() and now < ends_at:
                ends_at, leaves_at = now, now + _SECONDS_TO_STOP
            await round_.exchange(takes_more=now < ends_at)
            if round_.is_done or (now >= leaves_at and stopping()):
                return round_.attempted
            await round_.wait()
    finally:
        await round_.leave()


@dataclass
class _Lane:
    """What is held for one endpoint."""

    waiting: deque[DeliveryClaim] = field(default_factory=deque)
    sending: int = 0
    width: int = _AT_ONCE_TO_ENDPOINT


class _Round:
    """The deliveries one job holds; the event loop sends, a thread at a time talks to the database."""

    def __init__(
        self, database: Database, thread: ThreadPoolExecutor, sender: Sender, clock: Clock, lease_seconds: float
    ) -> None:
        self._database = database
        self._thread = thread
        self._sender = sender
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._lanes: dict[UUID, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[UUID, DeliveryClaim] = {}
        self._outcomes: list[Outcome] = []
        self._released: list[DeliveryClaim] = []
        self._renewed_at = time.monotonic()
        self._looked_at = 0.0
        self._published_all = False
        self.attempted = 0

    @property
    def is_done(self) -> bool:
        return not (self._held or self._outcomes or self._released)

    async def exchange(self, *, takes_more: bool) -> None:
        """Writes what attempts came to, and takes more where there is room."""
        if not takes_more:
            for lane in self._lanes.values():
                self._give_back(lane)
        now = time.monotonic()
        renews = now - self._renewed_at > self._lease_seconds / 3
        is_time = now - self._looked_at > _SECONDS_BETWEEN_LOOKS
        looks = takes_more and (is_time or self._has_idle_lane())
        results, self._outcomes = self._outcomes, []
        released, self._released = self._released, []
        if not (results or released or renews or looks):
            return
        tokens = {one.token for one in self._held.values()} if renews else set()
        room = _HELD_AT_ONCE - len(self._held) if looks else 0
        if looks and (is_time or not self._published_all):
            published = await self._in_thread(partial(fan_out, self._database, now=self._clock()))
            self._published_all = published < EVENTS_AT_ONCE
            self._looked_at = now
        taken = await self._in_thread(partial(self._with_store, results, released, tokens, room))
        if renews:
            self._renewed_at = now
        for claim in taken:
            self._held[claim.delivery_id] = claim
            self._lanes.setdefault(claim.endpoint_id, _Lane()).waiting.append(claim)
        for lane in list(self._lanes.values()):
            self._start(lane)

    async def wait(self) -> None:
        """Until something is to be written or looked for."""
        if len(self._held) > _MUCH:
            await asyncio.sleep(_SECONDS_TO_GATHER)
        if not self._outcomes and self._tasks:
            await asyncio.wait(self._tasks, timeout=_SECONDS_BETWEEN_LOOKS, return_when=asyncio.FIRST_COMPLETED)

    async def leave(self) -> None:
        """Ends what is still being sent; its leases run out."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _with_store(
        self, results: Sequence[Outcome], released: Sequence[DeliveryClaim], tokens: set[UUID], room: int
    ) -> list[DeliveryClaim]:
        # Should Postgres crash before this is on disk, what was delivered is sent once more under its id.
        now = self._clock()
        with self._database.delivery(durable=False) as session:
            outcomes.record(session, results, now=now)
            claims.release(session, released)
            if tokens:
                claims.renew(session, tokens, lease_seconds=self._lease_seconds, now=now)
            if room <= 0:
                return []
            return claims.claim(session, room=room, token=uuid4(), lease_seconds=self._lease_seconds, now=now)

    def _has_idle_lane(self) -> bool:
        return not self._lanes or any(not lane.waiting for lane in self._lanes.values())

    def _start(self, lane: _Lane) -> None:
        while lane.waiting and lane.sending < lane.width:
            lane.sending += 1
            task = asyncio.create_task(self._attempt(lane, lane.waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _attempt(self, lane: _Lane, claim: DeliveryClaim) -> None:
        try:
            outcome = await self._outcome(claim)
            self.attempted += 1
            self._outcomes.append(outcome)
            lane.width = _AT_ONCE_TO_ENDPOINT if outcome.status == "delivered" else 1
            if outcome.status != "delivered":
                # The others would meet the same; they are taken again one by one.
                self._give_back(lane)
        finally:
            lane.sending -= 1
            self._held.pop(claim.delivery_id, None)
        if lane.waiting:
            self._start(lane)
        elif not lane.sending:
            self._lanes.pop(claim.endpoint_id, None)

    async def _outcome(self, claim: DeliveryClaim) -> Outcome:
        began_at, began = self._clock(), time.monotonic()
        try:
            headers = signed_headers(claim.event_id, claim.body, claim.secrets, at=began_at)
            received = await self._sender.post(claim.url, {**headers, "content-type": claim.content_type}, claim.body)
            return outcome_of(claim, received, began_at=began_at, now=self._clock())
        except Exception:  # noqa: BLE001 - logged below, as text
            # The trace is text alone: a frame's values are secrets.
            log.error(  # noqa: TRY400 - see above
                "delivery_attempt_broke", delivery_id=str(claim.delivery_id), trace=traceback.format_exc()
            )
        # A failure like any other, so that what fails here every time is a dead letter at last.
        milliseconds = round((time.monotonic() - began) * 1000)
        broken = Received(status_code=None, error="the attempt failed here", milliseconds=milliseconds)
        return outcome_of(claim, broken, began_at=began_at, now=self._clock())

    def _give_back(self, lane: _Lane) -> None:
        for claim in lane.waiting:
            self._held.pop(claim.delivery_id, None)
        self._released += lane.waiting
        lane.waiting.clear()


def outcome_of(claim: DeliveryClaim, received: Received, *, began_at: datetime, now: datetime) -> Outcome:
    """What the store is told of an attempt."""
    whole = received.error is None
    verdict = verdict_on(received.status_code, received.retry_after, whole=whole, failures=claim.failures, now=now)
    error = received.error
    if error is None and verdict.status != "delivered":
        error = f"the answer was {received.status_code}"
    if verdict.status != "delivered":
        log.info(
            "delivery_failed",
            delivery_id=str(claim.delivery_id),
            workspace_id=str(claim.workspace_id),
            status_code=received.status_code,
            becomes=verdict.status,
        )
    return Outcome(
        claim=claim,
        began_at=began_at,
        milliseconds=received.milliseconds,
        status_code=received.status_code,
        error=error,
        answer_begins=received.answer_begins,
        status=verdict.status,
        due_at=verdict.due_at,
        resting_until=verdict.resting_until,
        gone=verdict.gone,
    )
