"""Holds the approved budgets that are due against their thresholds."""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.budgeting.watching import check_thresholds
from service.store.budgets import checks
from service.store.database import Database

log = structlog.get_logger()


def check_budgets(database: Database, *, now: datetime) -> int:
    """Holds each budget that is due against its thresholds, in a transaction of its own; how many alerts that raised.

    One that cannot be checked must not keep the others from it: it is due again within the hour.
    """
    with database.system() as session:
        due = checks.take_due(session, now=now)
    raised = 0
    for one in due:
        try:
            with database.tenant(one.workspace_id) as session:
                raised += len(check_thresholds(session, one.budget_id, now=now))
        except SQLAlchemyError:
            log.exception("budget_not_checked", budget_id=str(one.budget_id), workspace_id=str(one.workspace_id))
    return raised
