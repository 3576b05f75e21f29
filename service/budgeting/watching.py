"""Holds approved budgets against their thresholds, and raises one alert for each crossing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from service.budgeting.crossings import crossings
from service.budgeting.loading import load_comparison
from service.store.budgets import thresholds, versions
from service.store.budgets.thresholds import AlertRecord


def check_thresholds(session: Connection, budget_id: UUID, *, now: datetime) -> list[AlertRecord]:
    """The alerts that are new, with their events in the outbox. Nothing is watched before it is approved."""
    record = versions.get(session, budget_id)
    if record.status != "approved":
        return []
    rules = thresholds.of_name(session, record.name)
    found = crossings(rules, load_comparison(session, record, today=now.date())) if rules else []
    return thresholds.raise_alerts(session, record, rules, found, now=now)
