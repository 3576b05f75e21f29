"""The application that runs in production computes a real plan with the real kernel."""

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from service.forecasting.snapshot import prepare
from service.schemas.plan.plan import PlanIn
from service.store import forecasts as stored
from service.store.catalog_sync import sync_packaged_catalog
from tests.workers.running import Forecasts, WorkerProcesses

ARTICLE = Path(__file__).parents[2] / "examples" / "article.yaml"


def test_the_article_s_plan_becomes_the_article_s_budget(forecasts: Forecasts, processes: WorkerProcesses) -> None:
    processes.start("worker", "--without-gossip", "--without-mingle", app="workers.app")
    now = datetime.now(UTC)
    sync_packaged_catalog(forecasts.database, now)
    # YAML reads dates as dates; the wire, which is JSON, has them as text.
    plan = msgspec.convert(msgspec.to_builtins(msgspec.yaml.decode(ARTICLE.read_bytes())), PlanIn)
    with forecasts.database.tenant(forecasts.workspace_id) as session:
        prepared = prepare(session, plan, now=now)
        forecast_id = stored.add_queued(session, **asdict(prepared), requested_by="key:test", now=now)
    assert forecasts.queue.send_forecast(forecast_id, forecasts.workspace_id)
    record = forecasts.wait_for("succeeded", forecast_id)
    lines = forecasts.lines(forecast_id)
    assert record.expected == Decimal("216000.00")
    assert sum(line.effective for line in lines) == Decimal("216000.00")
    with forecasts.database.tenant(forecasts.workspace_id) as session:
        document = msgspec.json.decode(stored.get_document(session, forecast_id) or b"")
    assert document["total"]["effective"]["mean"] == "216000.00"
