"""A replay on the wire: a forecast computed again from its frozen inputs, and whether it gave the same bytes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.schemas.forecast.forecast import Status, forecast_state
from service.store.forecasts import ForecastRecord
from service.store.replays import Difference


class VersionOut(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the model's version, when the forecast was computed and when it was replayed."""

    part: str
    forecast: str
    replay: str


class ReplayOut(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison says is null until the replay has succeeded.

    `differing_versions` names what changed between the two computations; where they are identical nevertheless, the
    change made no difference to this forecast.
    """

    id: UUID
    forecast_id: UUID
    status: Status
    progress_fraction: float
    inputs_sha256: str
    identical: bool | None
    document_identical: bool | None
    differing_lines: int | None
    differing_versions: tuple[VersionOut, ...]
    problem: dict[str, Any] | None
    queued_at: datetime
    finished_at: datetime | None


def replay_out(replayed: ForecastRecord, replay: ForecastRecord, difference: Difference | None) -> ReplayOut:
    """`difference` is None while there is nothing to compare."""
    state = forecast_state(replay)
    return ReplayOut(
        id=replay.id,
        forecast_id=replayed.id,
        status=state.status,
        progress_fraction=state.progress_fraction,
        inputs_sha256=state.inputs_sha256,
        identical=None if difference is None else not (difference.document or difference.lines),
        document_identical=None if difference is None else not difference.document,
        differing_lines=None if difference is None else difference.lines,
        differing_versions=_differing(replayed.model_version, replay.model_version),
        problem=state.problem,
        queued_at=state.queued_at,
        finished_at=state.finished_at,
    )


def _differing(then: str, now: str) -> tuple[VersionOut, ...]:
    """A model version is that of the package, a plus sign and that of the packaged catalogue."""
    package_then, _, catalog_then = then.partition("+")
    package_now, _, catalog_now = now.partition("+")
    parts = (("package", package_then, package_now), ("catalogue", catalog_then, catalog_now))
    return tuple(VersionOut(part=part, forecast=old, replay=new) for part, old, new in parts if old != new)
