"""Bridges two forecasts: stored ones by their frozen inputs and lines, or two plans that nobody stored."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import Connection

from forecasts.explain.bridge.bridge import BridgeSide, bridge
from forecasts.explain.bridge.causes.sentences import sentences
from forecasts.explain.bridge.cells import StatedLine, row_of
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.timeline import Month
from service.forecasting.snapshot import MODEL_VERSION, read_snapshot
from service.schemas.explained.bridge import BridgeOut, bridge_out
from service.store import forecasts
from service.store.database import Database
from service.store.forecasts import ForecastRecord
from service.store.lines import ALL_LINES, LineRecord


def stored_side(snapshot: bytes, model_version: str, lines: Iterable[LineRecord]) -> BridgeSide:
    """A forecast as it was frozen and as its budget was written down."""
    _, plan = read_snapshot(snapshot)
    digits = minor_digits(plan.currency)
    return BridgeSide(
        plan=plan,
        model_version=model_version,
        stated=tuple(
            StatedLine(
                month=Month.of(line.month),
                row=row_of(line.workload, line.route or "", line.cost_center or ""),
                effective=int(line.effective.scaleb(digits)),
                billed=int(line.billed.scaleb(digits)),
            )
            for line in lines
        ),
    )


def load_side(session: Connection, record: ForecastRecord) -> BridgeSide:
    """A finished forecast of the store."""
    lines, _ = forecasts.lines(session, record.id, after=None, limit=ALL_LINES)
    return stored_side(forecasts.get_snapshot(session, record.id), record.model_version, lines)


def stored_bridge(database: Database, workspace_id: UUID, ids: tuple[UUID, UUID]) -> BridgeOut:
    """Of two finished forecasts; raises InvalidInput where they cannot be bridged."""
    with database.tenant(workspace_id) as session:
        before, after = (load_side(session, forecasts.get(session, one)) for one in ids)
    return bridged(before, after, ids=ids)


def unstored_side(plan: Plan) -> BridgeSide:
    return BridgeSide(plan=plan, model_version=MODEL_VERSION)


def bridged(
    before: BridgeSide,
    after: BridgeSide,
    *,
    ids: tuple[UUID | None, UUID | None] = (None, None),
    report: Callable[[float], None] = lambda _fraction: None,
) -> BridgeOut:
    """The whole answer; raises InvalidInput where the two cannot be bridged, with the pointer `/from`."""
    found = bridge(before, after, report)
    return bridge_out(found, sentences(found, before, after), before, after, ids)
