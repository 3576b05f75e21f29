"""Measured points that a workspace has stored, joined to the plans they tell something about."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.presets import preset_applies_to
from service.schemas.decoders.measurement import MOST_MEASUREMENTS, MeasurementIn
from service.schemas.decoders.measurement_resource import known_measurement
from service.schemas.plan.plan import PlanIn
from service.store import fleets, measurements
from service.store.measurements import NewMeasurement


def with_stored_points(session: Connection, plan: PlanIn) -> PlanIn:
    """The plan with the points stored on its fleets after its own; a point that it gives itself counts once.

    Raises InvalidInput, by pointers to the plan's fleets, for points that cannot be used.
    """
    names = [fleet.name for fleet in plan.fleets]
    records = measurements.on_fleets(session, names, limit=MOST_MEASUREMENTS + 1) if names else []
    if not records:
        return plan
    seen = {_said(point) for point in plan.measurements}
    stored: list[MeasurementIn] = []
    findings = Findings()
    for record in records:
        point = known_measurement(record)
        said = _said(point)
        if said in seen or (record.measured_on is None and replace(said, measured_on=None) in seen):
            continue
        seen.add(said)
        stored.append(point)
        place = names.index(record.fleet)
        problem = preset_applies_to(record.method, plan.fleets[place].serves)
        if problem is not None:
            findings.add(f"/fleets/{place}/serves", f"the measured point {record.id} does not fit: {problem}")
    if len(plan.measurements) + len(stored) > MOST_MEASUREMENTS:
        detail = f"are more than {MOST_MEASUREMENTS} with those stored for the fleets: remove what is out of date"
        findings.add("/measurements", detail)
    findings.end()
    return msgspec.structs.replace(plan, measurements=[*plan.measurements, *stored])


def check_measurement(session: Connection, sent: MeasurementIn) -> None:
    """Raises InvalidInput where the fleet is unknown, or serves a model that the method does not exist for."""
    findings = Findings()
    fleet = fleets.find_by_names(session, [sent.fleet]).get(sent.fleet)
    if fleet is None:
        findings.add("/fleet", f"{sent.fleet!r} is no fleet of this workspace")
    elif (problem := preset_applies_to(sent.method, fleet.serves)) is not None:
        findings.add("/method", problem)
    findings.end()


def described(points: Sequence[NewMeasurement]) -> list[str]:
    """A name for each point, for people who look at what was changed."""
    return [f"{point.method} on {point.fleet} at {point.concurrency:g}" for point in points]


def _said(point: MeasurementIn) -> Measurement:
    # What is wrong with a point is told where the plan is checked.
    return point.to_measurement(Findings()).says
