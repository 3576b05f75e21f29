"""What the schedules' tick does: looks at every schedule that may be due, each in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.queue import Queue
from service.scheduling.deciding import decide_due
from service.store import schedules
from service.store.database import Database

_SCHEDULES_AT_ONCE = 500

log = structlog.get_logger()


def run_due_schedules(database: Database, queue: Queue, *, clock: Callable[[], datetime]) -> list[UUID]:
    """One round; answers the forecasts it asked for. Rounds at once, and rounds cut short, ask for each once.

    A schedule that another round holds is left to it. One whose look fails unexpectedly is looked at again next time.
    """
    with database.system() as session:
        candidates = schedules.perhaps_due(session, now=clock(), limit=_SCHEDULES_AT_ONCE)
    asked: list[UUID] = []
    for candidate in candidates:
        logger = log.bind(schedule_id=str(candidate.schedule_id), workspace_id=str(candidate.workspace_id))
        try:
            with database.tenant(candidate.workspace_id) as session:
                schedule = schedules.hold_if_free(session, candidate.schedule_id)
                if schedule is None:
                    continue
                actor = f"schedule/{schedule.id}"
                decided = decide_due(session, schedule, actor=actor, now=clock())
        except SQLAlchemyError as error:
            logger.warning("schedule_not_looked_at", error=type(error).__name__)
            continue
        except Exception:
            # The others are due as well, whatever is wrong with this one.
            logger.exception("schedule_not_looked_at")
            continue
        if decided.forecasts or decided.failed:
            logger.info("schedule_due", started=len(decided.forecasts), failed=decided.failed)
        for forecast_id in decided.forecasts:
            queue.send_forecast(forecast_id, candidate.workspace_id)
        asked += decided.forecasts
    return asked
