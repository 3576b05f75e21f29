"""One forecast from claim to result: computed outside any transaction, recorded in one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from service.store import claims
from service.store.database import Database
from workers.keeper import Keeper, Stopped
from workers.problems import problem_of

Clock = Callable[[], datetime]
Outcome = Literal["not_claimed", "succeeded", "failed", "cancelled", "lost"]

log = structlog.get_logger()


class Computed(Protocol):
    """What the kernel's entry point answers: the result as JSON without its lines, the lines, and the budget."""

    @property
    def document(self) -> bytes: ...
    @property
    def lines(self) -> Sequence[tuple[object, ...]]: ...
    @property
    def basis(self) -> str: ...
    @property
    def confidence(self) -> Decimal: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def expected(self) -> Decimal: ...
    @property
    def contingency(self) -> Decimal: ...


class Compute(Protocol):
    """From a snapshot's bytes to a budget; `report` takes a fraction and may raise to stop the computation."""

    def __call__(self, snapshot: bytes, *, report: Callable[[float], None]) -> Computed: ...


def run_forecast(
    database: Database,
    compute: Compute,
    forecast_id: UUID,
    *,
    workspace_id: UUID,
    lease_seconds: float,
    clock: Clock,
) -> Outcome:
    """Computes the forecast if it is still queued; a database that goes away is left to the lease to repair."""
    with database.system(durable=False) as session:
        claim = claims.claim(
            session,
            forecast_id,
            workspace_id=workspace_id,
            token=uuid4(),
            lease_seconds=lease_seconds,
            now=clock(),
        )
    if claim is None:
        return "not_claimed"
    logger = log.bind(forecast_id=str(forecast_id), workspace_id=str(claim.workspace_id), attempt=claim.attempt)
    with Keeper(database, claim, lease_seconds=lease_seconds, clock=clock) as keeper:
        try:
            computed = compute(claim.snapshot, report=keeper.report)
            # Recorded while the lease is still kept: a large result takes its time to write.
            outcome = _record(database, claim, computed, clock)
        except Stopped as stopped:
            outcome = stopped.hold
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("forecast_failed")
            outcome = _record_failure(database, claim, error, clock)
    if outcome == "cancelled":
        outcome = _record_cancellation(database, claim, clock)
    logger.info("forecast_done", outcome=outcome)
    return outcome


def _record(database: Database, claim: claims.Claim, computed: Computed, clock: Clock) -> Outcome:
    result = claims.Result(
        document=computed.document,
        lines=computed.lines,
        basis=computed.basis,
        confidence=computed.confidence,
        amount=computed.amount,
        expected=computed.expected,
        contingency=computed.contingency,
    )
    # Should Postgres crash before it is on disk, the lease runs out and the same document gives the same result. A
    # durable transaction that comes later (an event relayed, a kept answer) makes this one durable too.
    with database.tenant(claim.workspace_id, durable=False) as session:
        hold = claims.succeed(session, claim.forecast_id, token=claim.token, result=result, now=clock())
    return "succeeded" if hold == "ok" else hold


def _record_failure(database: Database, claim: claims.Claim, error: Exception, clock: Clock) -> Outcome:
    with database.tenant(claim.workspace_id) as session:
        problem = problem_of(error)
        hold = claims.fail(session, claim.forecast_id, token=claim.token, problem=problem, now=clock())
    return "failed" if hold == "ok" else "lost"


def _record_cancellation(database: Database, claim: claims.Claim, clock: Clock) -> Outcome:
    with database.tenant(claim.workspace_id) as session:
        hold = claims.cancelled(session, claim.forecast_id, token=claim.token, now=clock())
    return "cancelled" if hold == "ok" else "lost"
