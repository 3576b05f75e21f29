"""Replays of forecasts: the same frozen inputs computed again, and what came out otherwise."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, insert, select

from service.store import forecasts
from service.store.database import workspace_of
from service.store.errors import NotFound
from service.store.forecasts import ForecastRecord
from service.store.lines import LineRecord
from service.store.tables import BudgetLines, Forecasts, Replays


@dataclass(frozen=True)
class Difference:
    """What two finished forecasts do not have in common, byte by byte and line by line."""

    document: bool
    lines: int


def add_queued(
    session: Connection, replayed: ForecastRecord, *, model_version: str, requested_by: str, now: datetime
) -> UUID:
    """Stores the second computation of a forecast, to be sent to the queue after the block; answers its id."""
    replay_id = forecasts.add_queued(
        session,
        snapshot=forecasts.get_snapshot(session, replayed.id),
        inputs_sha256=replayed.inputs_sha256,
        as_of=replayed.as_of,
        seed=replayed.seed,
        draws=replayed.draws,
        model_version=model_version,
        currency=replayed.currency,
        requested_by=requested_by,
        horizon_first_month=replayed.horizon_first_month,
        horizon_months=replayed.horizon_months,
        now=now,
    )
    session.execute(
        insert(Replays).values(
            id=replay_id,
            workspace_id=workspace_of(session),
            replayed_id=replayed.id,
            requested_by=requested_by,
            requested_at=now,
        )
    )
    return replay_id


def get(session: Connection, replayed_id: UUID, replay_id: UUID) -> ForecastRecord:
    """The second computation; raises NotFound unless it is one of this forecast."""
    statement = select(Replays.id).where(Replays.id == replay_id, Replays.replayed_id == replayed_id)
    if session.execute(statement).one_or_none() is None:
        raise NotFound("replay", replay_id)
    return forecasts.get(session, replay_id)


def difference(session: Connection, first: UUID, second: UUID) -> Difference:
    """How two succeeded forecasts differ. The comparison is the database's: large documents do not travel."""
    documents = select(func.count(Forecasts.document.distinct())).where(Forecasts.id.in_((first, second)))
    one, other = BudgetLines.__table__.alias(), BudgetLines.__table__.alias()
    names = LineRecord._fields
    same = and_(*(one.c[name].is_not_distinct_from(other.c[name]) for name in names))
    matched = (
        select(func.count())
        .select_from(one.join(other, one.c.position == other.c.position))
        .where(one.c.forecast_id == first, other.c.forecast_id == second, same)
    )
    most = select(func.count()).select_from(BudgetLines).group_by(BudgetLines.forecast_id)
    counts = session.execute(most.where(BudgetLines.forecast_id.in_((first, second)))).scalars().all()
    return Difference(
        document=session.execute(documents).scalar_one() > 1,
        lines=max(counts, default=0) - session.execute(matched).scalar_one(),
    )
