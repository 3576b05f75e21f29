"""Keeps a claim alive while its forecast is computed, shows progress and learns that the work is no longer wanted."""

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.store import claims
from service.store.database import Database

_SECONDS_BETWEEN_LOOKS = 0.5

log = structlog.get_logger()


class Stopped(Exception):  # noqa: N818 - no error: somebody cancelled, or another worker has the forecast now
    """Raised by `report` inside the computation, to leave it."""

    def __init__(self, hold: Literal["cancelled", "lost"]) -> None:
        super().__init__(hold)
        self.hold = hold


class Keeper:
    """A thread for the length of one computation, because a long one may report rarely.

    A short forecast ends before the first look, and then costs the database nothing.
    """

    def __init__(
        self, database: Database, claim: claims.Claim, *, lease_seconds: float, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._claim = claim
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._fraction = 0.0
        self._hold: claims.Hold = "ok"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def report(self, fraction: float) -> None:
        """Notes how far the computation is; raises Stopped when it should end. Cheap enough to call often."""
        self._fraction = min(max(fraction, 0.0), 1.0)
        if self._hold != "ok":
            raise Stopped(self._hold)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        wait = min(_SECONDS_BETWEEN_LOOKS, self._lease_seconds / 3)
        while not self._ended.wait(wait):
            try:
                with self._database.tenant(self._claim.workspace_id, durable=False) as session:
                    hold = claims.progress(
                        session,
                        self._claim.forecast_id,
                        token=self._claim.token,
                        fraction=self._fraction,
                        lease_seconds=self._lease_seconds,
                        now=self._clock(),
                    )
            except SQLAlchemyError as error:
                # The lease may run out meanwhile; then somebody else computes, and this result finds its token stale.
                log.warning("lease_not_extended", forecast_id=str(self._claim.forecast_id), error=type(error).__name__)
                continue
            if hold != "ok":
                self._hold = hold
                return
